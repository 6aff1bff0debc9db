use super::*;
use std::collections::BTreeMap;

/// The subjects that a question touches.
fn in_question(text: &str) -> Vec<&'static str> {
    let text = plain(text);
    let found = SUBJECTS
        .iter()
        .filter(|one| one.found(&one.asked, &text).is_some());
    found.map(|one| one.subject.rule.id).collect()
}

/// The subjects that a look-for, pitfall, anchor or profile touches.
fn in_expectation(text: &str) -> Vec<&'static str> {
    let text = plain(text);
    let found = SUBJECTS
        .iter()
        .filter(|one| one.found(&one.wanted, &text).is_some());
    found.map(|one| one.subject.rule.id).collect()
}

const ASKED: &[(&str, &[&str])] = &[
    (
        "law-age",
        &[
            "How old are you?",
            "What is your age?",
            "What’s your date of birth?",
            "When were you born?",
            "When did you graduate from school?",
            "What year did you graduate?",
            "Which year did you finish university?",
            "How long ago did you leave school?",
            "When do you plan to retire?",
            "How many years are you from retirement?",
            "How would you feel about working for a younger manager?",
            "Do you feel too old for this?",
            "Are you a digital native?",
            "How will you fit into such a young team?",
            "Are you under 30 years old?",
        ],
    ),
    (
        "law-family",
        &[
            "Do you have children?",
            "Do you have any small children at home?",
            "How many kids do you have?",
            "Are you planning a family?",
            "Do you want to have children?",
            "Are you thinking of getting married?",
            "Are you married?",
            "Are you single or married?",
            "What is your marital status?",
            "What does your husband do?",
            "Do you have a family?",
            "Who looks after your children while you work?",
            "What are your childcare arrangements?",
            "Would your partner move with you?",
            "How does your wife feel about the travel?",
            "Tell me about your family.",
            "Are you a single mother?",
            "What is your maiden name?",
            "Do you live with your parents?",
            "Do you have caring responsibilities?",
        ],
    ),
    (
        "law-pregnancy",
        &[
            "Are you pregnant?",
            "Do you plan to become pregnant?",
            "Have you taken maternity leave before?",
            "Are you planning to take parental leave?",
            "Are you expecting a baby?",
            "Do you intend to have another baby?",
            "How did your last pregnancy go?",
        ],
    ),
    (
        "law-origin",
        &[
            "Where are you originally from?",
            "Where are you from?",
            "Where were you born?",
            "Where do you come from originally?",
            "Where do your parents come from?",
            "What is your nationality?",
            "Is English your first language?",
            "What is your mother tongue?",
            "Are you a native speaker?",
            "I like your accent, where is it from?",
            "Are you a US citizen?",
            "What kind of name is that?",
            "What is your ethnic background?",
            "What is your country of birth?",
            "How long have you lived in this country?",
            "What country are you from?",
            "You have an interesting accent. Where did you grow up?",
            "What language do you speak at home?",
        ],
    ),
    (
        "law-religion",
        &[
            "Which church do you go to?",
            "What is your religion?",
            "Are you religious?",
            "Do you pray during the day?",
            "Are you a practising Catholic?",
            "Which religious holidays do you observe?",
            "Do you observe the Sabbath?",
            "Would you take off your headscarf at work?",
            "Do you believe in God?",
            "Are you Muslim?",
        ],
    ),
    (
        "law-health",
        &[
            "Do you have any health problems?",
            "How is your health?",
            "How many sick days did you take last year?",
            "How many days were you sick last year?",
            "Were you often ill in your last job?",
            "Do you suffer from any chronic illness?",
            "Are you taking any medication?",
            "Do you smoke?",
            "Have you ever been treated for depression?",
            "Have you ever had burnout?",
            "Is there cancer in your family?",
            "What is your family medical history?",
            "How much do you weigh?",
            "Do you have any medical conditions we should know about?",
            "Are you healthy?",
            "Have you been vaccinated?",
            "Have you ever filed for workers’ compensation?",
        ],
    ),
    (
        "law-disability",
        &[
            "Do you have a disability?",
            "Do you have any disabilities?",
            "Are you disabled?",
            "Do you have any physical limitations?",
            "Do you use a wheelchair?",
            "Are you dyslexic?",
            "Do you receive disability benefits?",
            "How did you become disabled?",
            "Do you have a visible handicap?",
        ],
    ),
    (
        "law-convictions",
        &[
            "Have you ever been arrested?",
            "Have you ever been convicted of a crime?",
            "Do you have a criminal record?",
            "Have you been in prison?",
            "Do you have any prior convictions?",
            "Have you committed a felony?",
            "Were you ever in trouble with the police?",
            "Have you been charged with an offence?",
            "Is there an arrest record?",
        ],
    ),
    (
        "law-salary-history",
        &[
            "What do you earn at present?",
            "What was your last salary?",
            "What is your current compensation?",
            "How much do you make?",
            "What did you make in your last job?",
            "How does this compare with what you earn now?",
            "What is your salary?",
            "What salary are you on?",
            "What was the pay in your last job?",
            "How much were you paid?",
            "Can you show us your last payslip?",
            "What is your salary history?",
            "What is your present annual salary?",
            "What does your current employer pay you?",
            "How much did you earn at your previous company?",
            "What was your previous bonus?",
        ],
    ),
];

/// Technical and other harmless sentences that hold a word of each subject.
const HARMLESS: &[&str] = &[
    "How would you decide the maximum age of the cache?",
    "What does the age of a cached answer tell you?",
    "How old is your codebase?",
    "How do you find out how old a message in the queue is?",
    "How do you retire a version that some clients still use?",
    "When do you plan to retire the old API?",
    "What did you learn about working with older versions of Java?",
    "How do you test an age check at the till?",
    "How does the young generation of the heap differ from the old one?",
    "Tell me about a time you mentored a junior developer.",
    "When did you leave your last project?",
    "How do the health checks of a service find a fault?",
    "How do you monitor your service’s health?",
    "Where would you put the health endpoint?",
    "What do you do when a node reports health problems?",
    "How do you notice health issues in a cluster?",
    "What keeps your team in good health?",
    "How many smoke tests do you run?",
    "Do you smoke test a release?",
    "How do you find a parent process?",
    "What happens to a child node when its parent goes?",
    "How many children does a B-tree node have?",
    "How would you list the children of a process?",
    "What do you do about nodes that have no children?",
    "How would you build a native mobile app?",
    "Would you write a native module or JavaScript?",
    "What is your first programming language that you would teach?",
    "How do you clean up a disabled feature flag?",
    "What happens when a user is disabled?",
    "How do you test a page for people with disabilities?",
    "Which family of protocols would you choose?",
    "How does a column family differ from a table?",
    "How do you join married data from two tables?",
    "What do you do with tables that got married in a merge?",
    "Are you engaged in any open-source project?",
    "How did the birth of an idea become a product?",
    "What did you do about an arrested deployment?",
    "How did you get out of an arrested build?",
    "How would you explain an API to your grandmother?",
    "How would you explain a database to your children?",
    "Tell me about a conviction about architecture that you gave up.",
    "Have you been charged with a task beyond your role?",
    "Which strong convictions do you hold loosely?",
    "What are your salary expectations for this role?",
    "What pay would you expect for a role with this responsibility?",
    "What salary are you looking for in this role?",
    "How does the range for this role compare with what you expect?",
    "What do you make of this design?",
    "How much do you make use of caching?",
    "How would you undo a compensation action in a saga?",
    "What is the current state of the pay system?",
    "What is your current package manager?",
    "How would you model salary data over time?",
    "How do you tell a race condition from a slow query?",
    "Where are you in the process with other companies?",
    "Where do you come down on tabs and spaces?",
    "Which accent colour would you choose?",
    "How do you keep the origin of a request?",
    "What do you do about cross-origin requests?",
    "How would you store a date of birth?",
    "How would you store the nationality of a passenger?",
    "How does one become a good citizen of a shared codebase?",
    "What does the Church-Turing thesis say?",
    "What faith do you have in your tests?",
    "Do you negotiate in good faith?",
    "How do you go about religiously following a style guide?",
    "How do you turn a monolith into a family of services?",
    "What do you weigh up when you put security measures in place?",
    "How large were the teams you led?",
    "How many people and teams did you answer for in each role?",
    "What would a good handover look like before you leave?",
    "What kind of support would you need from the rest of the leadership?",
    "Which of those systems were you responsible for in production?",
    "How do you version a mature product?",
    "How would you build a screen for parental leave requests?",
    "How did you design the pregnancy records of that clinic’s system?",
    "How would you build software for a church?",
    "What would you change in a court system with criminal records?",
    "Which native libraries did you bind to?",
    "How do you deal with orphaned children processes?",
    "What is the single point of failure here?",
    "Are you single-threaded by choice?",
    "How do you partner with design?",
    "Do you have a partner team for that?",
    "What does a service’s birth and death look like in the logs?",
    "How do you keep the history of pay rates in a payroll system?",
    "What record do you keep of incidents?",
    "Which depression in the latency graph puzzled you?",
    "Which weight do you give to tests?",
    "How tall is the tallest tree in your index?",
    "Please walk me through your experience.",
    "What draws you to this role?",
    "How far along are you in any other interview processes?",
    "Would you be able to work on Saturdays twice a month?",
    "Are you allowed to work in this country?",
    "How well do you speak Spanish at work?",
    "What notice period applies to you right now?",
    "What is your expected salary?",
    "What is your desired annual income?",
    "How do you handle pregnant pauses in a meeting?",
    "How do you support colleagues with caring responsibilities?",
    "What country do most of your users come from?",
    "What language do you speak with the compiler?",
    "How old was the code when you took it over?",
    "What retirement date would you set for the old API?",
    "What did your previous employer do well?",
    "Who takes over when you are on leave?",
    "How would you explain recursion to a child?",
    "Which previous release did you roll back?",
];

#[test]
fn what_must_not_be_asked_is_found_under_its_subject() {
    let mut count = 0;
    let mut missed = BTreeMap::new();
    for (rule, texts) in ASKED {
        for text in *texts {
            count += 1;
            let found = in_question(text);
            if !found.contains(rule) {
                missed.insert(*text, found);
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    assert!(count >= 60, "{count}");
    assert_eq!(ASKED.len(), SUBJECTS.len());
}

#[test]
fn what_only_sounds_like_it_is_let_through() {
    let wrong: BTreeMap<&str, _> = HARMLESS
        .iter()
        .map(|text| (*text, in_question(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(HARMLESS.len() >= 60, "{}", HARMLESS.len());
}

const WANTED: &[(&str, &[&str])] = &[
    (
        "law-age",
        &[
            "Young and energetic",
            "An energetic young team player",
            "Is a digital native",
            "Recent graduate",
            "Fresh out of university",
            "Aged between 25 and 35",
            "Under the age of 40",
            "Sounds too old for our stack",
            "Gen Z mindset",
        ],
    ),
    (
        "law-family",
        &[
            "No family commitments",
            "Has small children",
            "Is married",
            "Family man",
            "Preferably single",
        ],
    ),
    (
        "law-pregnancy",
        &["Is not pregnant", "Back from maternity leave"],
    ),
    (
        "law-origin",
        &[
            "Native speaker of English",
            "Native English speaker",
            "Speaks with a heavy accent",
            "German mother tongue",
            "EU citizens only",
        ],
    ),
    (
        "law-religion",
        &["Christian values", "A practising Catholic"],
    ),
    (
        "law-health",
        &[
            "Is in good health",
            "Physically fit",
            "Never ill",
            "Non-smoker",
        ],
    ),
    (
        "law-disability",
        &[
            "Able-bodied",
            "Has no disabilities",
            "Speaks without a stutter",
        ],
    ),
    (
        "law-convictions",
        &["Clean criminal record", "Never been arrested"],
    ),
    ("law-salary-history", &["Current salary below 60,000"]),
];

#[test]
fn what_must_not_be_wanted_is_found_under_its_subject() {
    let mut missed = BTreeMap::new();
    for (rule, texts) in WANTED {
        for text in *texts {
            let found = in_expectation(text);
            if found != [*rule] {
                missed.insert(*text, found);
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn an_expectation_about_the_work_is_let_through() {
    let texts = [
        "Knows when a young codebase needs fewer rules",
        "Grew up with a young product",
        "Names the cost of a design, not just its virtue",
        "Keeps services in good health",
        "Reads the health checks before the code",
        "Knows native mobile development",
        "Handles child processes and parent nodes",
        "Mentors junior developers",
        "Treats a mature system with care",
        "Leaves no disabled feature flags behind",
        "Writes for people with disabilities, with a screen reader in mind",
        "Names one thing that the single leader would change",
        "Has strong convictions about tests and gives them up for a reason",
        "Keeps a clean record of decisions",
        "Knows the family of consensus protocols",
        "Passion for technology and continuous learning",
        "Adapts to fast-paced environments",
        "Visionary thinking",
        "5+ years of backend development",
        "Digital-native businesses as customers",
    ];
    let wrong: BTreeMap<&str, _> = texts
        .into_iter()
        .map(|text| (text, in_expectation(text)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_subject_says_what_to_ask_instead() {
    for one in SUBJECTS.iter() {
        assert!(one.subject.instead.len() > 30, "{}", one.subject.rule.id);
    }
}
