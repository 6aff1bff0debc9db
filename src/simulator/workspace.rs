//! The people, channels and user groups a pretend workspace begins with.
//!
//! Not in here: what happens to them afterwards (`world`).

use std::collections::BTreeSet;

/// The bot's own user id.
pub(crate) const BOT_USER: &str = "U0BOT";

/// A member of the workspace, or somebody of another company seen through a shared channel.
#[derive(Clone, Debug)]
pub struct Person {
    /// `U…`, made from the name: `rita` is `U0RITA`.
    pub id: String,
    /// The handle, as in `@rita`: lower case, no spaces.
    pub name: String,
    /// The name shown beside messages.
    pub real_name: String,
    /// The job title in the profile; may be empty.
    pub title: String,
    /// IANA time zone.
    pub tz: String,
    /// The workspace the person belongs to; another one for strangers.
    pub team_id: String,
    /// An app's bot user.
    pub is_bot: bool,
    /// A workspace admin.
    pub is_admin: bool,
    /// A workspace owner; owners are admins too.
    pub is_owner: bool,
    /// A guest (multi-channel, or single-channel with [`is_ultra_restricted`](Self::is_ultra_restricted)).
    pub is_restricted: bool,
    /// A single-channel guest.
    pub is_ultra_restricted: bool,
    /// Of another company, seen through a shared channel.
    pub is_stranger: bool,
    /// Deactivated.
    pub deleted: bool,
    /// Offered in the page's list of people to act as.
    pub playable: bool,
}

impl Person {
    /// A full member in Berlin's time zone.
    #[must_use]
    pub fn new(name: &str, real_name: &str) -> Self {
        Self {
            id: user_id(name),
            name: name.to_owned(),
            real_name: real_name.to_owned(),
            title: String::new(),
            tz: "Europe/Berlin".to_owned(),
            team_id: String::new(),
            is_bot: false,
            is_admin: false,
            is_owner: false,
            is_restricted: false,
            is_ultra_restricted: false,
            is_stranger: false,
            deleted: false,
            playable: true,
        }
    }

    /// With a job title.
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// In an IANA time zone.
    #[must_use]
    pub fn tz(mut self, tz: &str) -> Self {
        tz.clone_into(&mut self.tz);
        self
    }

    /// As a workspace admin.
    #[must_use]
    pub fn admin(mut self) -> Self {
        self.is_admin = true;
        self
    }

    /// As a workspace owner.
    #[must_use]
    pub fn owner(mut self) -> Self {
        self.is_owner = true;
        self.is_admin = true;
        self
    }

    /// As a multi-channel guest.
    #[must_use]
    pub fn guest(mut self) -> Self {
        self.is_restricted = true;
        self
    }

    /// As a single-channel guest.
    #[must_use]
    pub fn single_channel_guest(mut self) -> Self {
        self.is_restricted = true;
        self.is_ultra_restricted = true;
        self
    }

    /// As somebody of another company.
    #[must_use]
    pub fn stranger(mut self) -> Self {
        self.is_stranger = true;
        self.team_id = "T0OTHER".to_owned();
        self
    }

    /// As another app's bot user.
    #[must_use]
    pub fn bot(mut self) -> Self {
        self.is_bot = true;
        self.playable = false;
        self
    }

    /// Left out of the page's list of people to act as.
    #[must_use]
    pub fn not_playable(mut self) -> Self {
        self.playable = false;
        self
    }
}

/// A channel or a direct-message conversation.
#[derive(Clone, Debug)]
pub struct Channel {
    /// `C…` for channels, `D…` for direct messages.
    pub id: String,
    /// Without the `#`; empty for a direct message.
    pub name: String,
    /// Shown under the channel's name; may be empty.
    pub topic: String,
    /// Private: only members know of it.
    pub is_private: bool,
    /// Shared with another company (Slack Connect).
    pub is_ext_shared: bool,
    /// Archived: nothing can be posted.
    pub is_archived: bool,
    /// The person in a direct message with the bot.
    pub with: Option<String>,
    /// User ids, the bot's among them where it was invited.
    pub members: BTreeSet<String>,
}

impl Channel {
    /// A public channel; `name` without the `#`.
    #[must_use]
    pub fn public(name: &str) -> Self {
        let name = name.trim_start_matches('#');
        Self {
            id: format!("C0{}", id_part(name)),
            name: name.to_owned(),
            topic: String::new(),
            is_private: false,
            is_ext_shared: false,
            is_archived: false,
            with: None,
            members: BTreeSet::new(),
        }
    }

    /// A private channel; `name` without the `#`.
    #[must_use]
    pub fn private(name: &str) -> Self {
        Self {
            is_private: true,
            ..Self::public(name)
        }
    }

    /// The bot's direct message with a person.
    pub(crate) fn direct(user: &str) -> Self {
        Self {
            id: format!("D{}", user.trim_start_matches(['U', 'W'])),
            name: String::new(),
            is_private: true,
            with: Some(user.to_owned()),
            members: [user.to_owned(), BOT_USER.to_owned()].into(),
            ..Self::public("")
        }
    }

    /// With these members, by name (`rita`) or id (`U0RITA`).
    #[must_use]
    pub fn with<'a>(mut self, members: impl IntoIterator<Item = &'a str>) -> Self {
        self.members.extend(members.into_iter().map(user_id));
        self
    }

    /// With the bot as a member.
    #[must_use]
    pub fn with_bot(mut self) -> Self {
        self.members.insert(BOT_USER.to_owned());
        self
    }

    /// With a topic.
    #[must_use]
    pub fn topic(mut self, topic: &str) -> Self {
        topic.clone_into(&mut self.topic);
        self
    }

    /// Shared with another company.
    #[must_use]
    pub fn shared(mut self) -> Self {
        self.is_ext_shared = true;
        self
    }

    /// Whether this is a direct message.
    #[must_use]
    pub fn is_im(&self) -> bool {
        self.with.is_some()
    }
}

/// A user group, as in `@backend-panel`.
#[derive(Clone, Debug)]
pub struct Group {
    /// `S…`, made from the handle.
    pub id: String,
    /// Without the `@`.
    pub handle: String,
    /// User ids.
    pub members: BTreeSet<String>,
}

/// What a pretend workspace begins with.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// `T…`.
    pub id: String,
    /// As shown in the corner of the page.
    pub name: String,
    /// The people, the bot not among them.
    pub people: Vec<Person>,
    /// The channels.
    pub channels: Vec<Channel>,
    /// The user groups.
    pub groups: Vec<Group>,
}

impl Workspace {
    /// An empty workspace.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            people: Vec::new(),
            channels: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// A recruiter, two interviewers, a guest and an owner; `#hiring` (private), `#general` and
    /// `#random` (public), the bot in the first two.
    #[must_use]
    pub fn hiring_team() -> Self {
        let all = ["rita", "ada", "ben", "gus", "olga"];
        Self::new("T0DEMO", "Northwind")
            .person(Person::new("rita", "Rita Lindqvist").title("Recruiter"))
            .person(Person::new("ada", "Ada Mensah").title("Staff Engineer"))
            .person(Person::new("ben", "Ben Okafor").title("Backend Developer"))
            .person(Person::new("gus", "Gus Marin").title("Contractor").guest())
            .person(
                Person::new("olga", "Olga Petrov")
                    .title("Head of IT, administrator")
                    .owner(),
            )
            .channel(
                Channel::private("hiring")
                    .topic("Who we are talking to")
                    .with(all)
                    .with_bot(),
            )
            .channel(
                Channel::public("general")
                    .topic("For everybody")
                    .with(all)
                    .with_bot(),
            )
            .channel(Channel::public("random").topic("Not about work").with(all))
    }

    /// With one more person.
    #[must_use]
    pub fn person(mut self, mut person: Person) -> Self {
        if person.team_id.is_empty() {
            person.team_id.clone_from(&self.id);
        }
        self.people.push(person);
        self
    }

    /// With one more channel.
    #[must_use]
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channels.push(channel);
        self
    }

    /// With one more user group; members by name or id.
    #[must_use]
    pub fn group<'a>(mut self, handle: &str, members: impl IntoIterator<Item = &'a str>) -> Self {
        let handle = handle.trim_start_matches('@');
        self.groups.push(Group {
            id: format!("S0{}", id_part(handle)),
            handle: handle.to_owned(),
            members: members.into_iter().map(user_id).collect(),
        });
        self
    }
}

/// The user id of a person named so: `rita` and `@rita` are `U0RITA`; an id stays as it is.
#[must_use]
pub fn user_id(name: &str) -> String {
    let is_id = name.starts_with(['U', 'W'])
        && name.len() > 1
        && name
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if is_id {
        name.to_owned()
    } else {
        format!("U0{}", id_part(name.trim_start_matches('@')))
    }
}

fn id_part(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}
