//! Which version of a role's kit is served, and how it came to be. What a kit says is in `kit`; how a question is edited, in `kit_edit`.

use super::ids::{KitSlug, KitVersion, UserId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a version came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A file of this name.
    File(String),
    /// Somebody edited it in Slack.
    Edited(UserId),
    /// Somebody imported it in Slack.
    Imported(UserId),
    /// A file's version that somebody chose in place of what was edited in Slack.
    Chosen(UserId),
}

/// A version, as it came to be served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Which.
    pub version: KitVersion,
    /// Where it came from.
    pub origin: Origin,
    /// Since when.
    pub at: Timestamp,
}

/// What is served for one role: by the files, or by a workspace that has edited or imported the kit in Slack. The last
/// edition is the one served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// The role.
    pub slug: KitSlug,
    /// Every version that was served, the oldest first; never empty.
    pub editions: Vec<Edition>,
    /// The file's version at which file and workspace last agreed; absent where there never was a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<KitVersion>,
    /// The file's version that waits for somebody to choose, since both have changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<Edition>,
}

impl Shelf {
    /// A shelf with its first edition.
    #[must_use]
    pub fn new(slug: KitSlug, first: Edition) -> Self {
        let agreed = matches!(first.origin, Origin::File(_)).then(|| first.version.clone());
        Self {
            slug,
            editions: vec![first],
            agreed,
            differs: None,
        }
    }

    /// The shelf that a workspace begins with: the files' own, with all that it held, and agreed with its last edition.
    #[must_use]
    pub fn followed(mut self) -> Self {
        self.agreed = Some(self.latest().version.clone());
        self
    }

    /// What is served now.
    ///
    /// # Panics
    /// Never: a shelf begins with an edition, and none is taken away.
    #[must_use]
    pub fn latest(&self) -> &Edition {
        self.editions.last().expect("a shelf has an edition")
    }

    /// The edition that first brought a version.
    #[must_use]
    pub fn edition(&self, version: &KitVersion) -> Option<&Edition> {
        self.editions
            .iter()
            .find(|edition| edition.version == *version)
    }

    /// Serves another version from now on. The same one again changes nothing.
    #[must_use]
    pub fn with(mut self, edition: Edition) -> Self {
        if self.latest().version != edition.version {
            self.editions.push(edition);
        }
        self
    }

    /// What becomes of a workspace's shelf beside what the file serves now. Nothing is overwritten: where both have changed
    /// since they agreed, the workspace's own goes on serving, and somebody has to choose.
    #[must_use]
    pub fn beside(mut self, file: Option<&Edition>) -> Self {
        self.differs = None;
        let Some(file) = file else {
            return self;
        };
        let at_file = Some(&file.version);
        let latest = &self.latest().version;
        if *latest == file.version {
            self.agreed = Some(file.version.clone());
        } else if self.agreed.as_ref() == Some(latest) {
            self.agreed = Some(file.version.clone());
            self.editions.push(file.clone());
        } else if self.agreed.as_ref() != at_file {
            self.differs = Some(file.clone());
        }
        self
    }

    /// Goes on with what was edited in Slack; the file's version is not asked about again.
    #[must_use]
    pub fn keep(mut self) -> Self {
        if let Some(file) = self.differs.take() {
            self.agreed = Some(file.version);
        }
        self
    }

    /// Goes on with the file's version; what was edited in Slack stays in the history.
    #[must_use]
    pub fn take(mut self, by: UserId, at: Timestamp) -> Self {
        if let Some(file) = self.differs.take() {
            self.agreed = Some(file.version.clone());
            self.editions.push(Edition {
                version: file.version,
                origin: Origin::Chosen(by),
                at,
            });
        }
        self
    }

    /// Whether what is served was made in Slack, and is not what the file says.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.agreed.as_ref() != Some(&self.latest().version)
    }

    /// Who last edited or imported it in Slack.
    #[must_use]
    pub fn last_hand(&self) -> Option<&UserId> {
        self.editions
            .iter()
            .rev()
            .find_map(|edition| match &edition.origin {
                Origin::Edited(user) | Origin::Imported(user) => Some(user),
                Origin::File(_) | Origin::Chosen(_) => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(version: &str) -> Edition {
        Edition {
            version: version.into(),
            origin: Origin::File("role.toml".to_owned()),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn edited(version: &str) -> Edition {
        Edition {
            origin: Origin::Edited("U1".into()),
            ..file(version)
        }
    }

    fn shelf() -> Shelf {
        Shelf::new("role".into(), file("f1"))
    }

    fn serves(shelf: &Shelf) -> &str {
        shelf.latest().version.as_str()
    }

    #[test]
    fn a_file_that_changes_alone_is_followed() {
        let shelf = shelf().beside(Some(&file("f2")));
        assert_eq!((serves(&shelf), shelf.is_own()), ("f2", false));
        assert_eq!(shelf.differs, None);
        assert_eq!(
            serves(&shelf.beside(None)),
            "f2",
            "a file that is gone takes nothing along"
        );
    }

    #[test]
    fn a_workspace_begins_with_the_history_of_the_file() {
        let shelf = shelf().with(file("f2")).followed();
        assert_eq!((serves(&shelf), shelf.is_own()), ("f2", false));
        let edited = shelf.with(edited("e1")).beside(Some(&file("f2")));
        assert_eq!((serves(&edited), &edited.differs), ("e1", &None));
        assert!(edited.edition(&"f1".into()).is_some());
    }

    #[test]
    fn an_edit_alone_goes_on_serving() {
        let shelf = shelf().with(edited("e1")).beside(Some(&file("f1")));
        assert_eq!((serves(&shelf), shelf.is_own()), ("e1", true));
        assert_eq!(shelf.differs, None);
        assert_eq!(shelf.last_hand(), Some(&"U1".into()));
    }

    #[test]
    fn an_edit_that_comes_back_as_a_file_agrees_with_it() {
        let shelf = shelf().with(edited("e1")).beside(Some(&file("e1")));
        assert_eq!((serves(&shelf), shelf.is_own()), ("e1", false));
        let shelf = shelf.beside(Some(&file("f2")));
        assert_eq!((serves(&shelf), &shelf.differs), ("f2", &None));
    }

    #[test]
    fn where_both_have_changed_somebody_chooses_and_nothing_is_overwritten() {
        let both = || shelf().with(edited("e1")).beside(Some(&file("f2")));
        assert_eq!(serves(&both()), "e1");
        assert_eq!(both().differs, Some(file("f2")));
        assert_eq!(both().beside(Some(&file("f2"))), both(), "it waits");
        assert_eq!(
            both().beside(Some(&file("f1"))).differs,
            None,
            "the file went back"
        );

        let kept = both().keep().beside(Some(&file("f2")));
        assert_eq!((serves(&kept), &kept.differs), ("e1", &None));
        assert!(kept.beside(Some(&file("f3"))).differs.is_some());

        let taken = both()
            .take("U2".into(), Timestamp::UNIX_EPOCH)
            .beside(Some(&file("f2")));
        assert_eq!(
            (serves(&taken), taken.is_own(), &taken.differs),
            ("f2", false, &None)
        );
        assert!(taken.edition(&"e1".into()).is_some(), "the edit is history");
    }

    #[test]
    fn an_imported_kit_has_agreed_with_no_file() {
        let imported = Edition {
            origin: Origin::Imported("U1".into()),
            ..file("i1")
        };
        let shelf = Shelf::new("role".into(), imported);
        assert!(shelf.is_own());
        assert_eq!(shelf.clone().beside(None), shelf);
        assert!(shelf.beside(Some(&file("f1"))).differs.is_some());
    }
}
