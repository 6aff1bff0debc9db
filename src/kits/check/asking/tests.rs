use super::*;

fn closed(text: &str) -> bool {
    let text = plain(text);
    let sentences = sentences(&text);
    !is_double(&sentences) && is_closed(&sentences)
}

fn double(text: &str) -> bool {
    is_double(&sentences(&plain(text)))
}

/// All texts of which this does not hold, at once.
#[track_caller]
fn hold(texts: &[&str], holds: impl Fn(&str) -> bool) {
    let wrong: Vec<&&str> = texts.iter().filter(|text| !holds(text)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const CLOSED: [&str; 48] = [
    "Do you know SQL?",
    "Have you ever led a team?",
    "In your last role, did you work with microservices?",
    "In your last role did you lead a team?",
    "Are you comfortable with on-call duty?",
    "Is testing important to you?",
    "Was the project a success?",
    "Were you responsible for the budget?",
    "Can you write tests?",
    "Could you learn Rust in a month?",
    "Would you relocate?",
    "Would you say that you are a team player?",
    "Will you travel?",
    "Should every service own its data?",
    "May a service read another one’s tables?",
    "Had you used Kafka before?",
    "Has a release of yours ever gone wrong?",
    "Does your team review code?",
    "Don't you find that boring?",
    "Isn’t a monolith simpler?",
    "Haven't you ever missed a deadline?",
    "So, have you worked with GraphQL?",
    "And did it work?",
    "When a service fails at night, do you get up?",
    "If a colleague disagreed with you, would you give in?",
    "As a lead, have you ever let somebody go?",
    "Thinking of your last project, were you happy with it?",
    "Given the choice, would you rather write tests or documentation?",
    "Before a release, do you check the logs?",
    "You find a fault on a Friday, do you deploy?",
    "A question about tests: do you write them first?",
    "You have used Docker, right?",
    "You know Kubernetes, don't you?",
    "You have led teams before?",
    "Do you have experience with Postgres",
    "Are there any technologies you refuse to use?",
    "Did the team meet its deadline?",
    "Is Rust a language that you would choose again?",
    "Would you take over a failing project?",
    "Can you handle stress?",
    "Were there conflicts in your team?",
    "Have you any experience with e-commerce?",
    "Please say: have you used Terraform?",
    "We work with Java here. Are you happy with that?",
    "On call, are you quick to answer?",
    "Do you prefer tabs or spaces?",
    "Would you go to another city for this?",
    "Must every change be reviewed?",
];

const OPEN: [&str; 62] = [
    "How do you secure the APIs that you build?",
    "Would you walk me through the architecture of your last service?",
    "Could you tell me about a time you failed?",
    "Can you describe a conflict in your team?",
    "Could you please explain how you test?",
    "Can you give me an example of a hard decision?",
    "Would you mind telling me about your last project?",
    "Would you be able to walk us through your experience?",
    "Can you think of a time when you had to say no?",
    "Could you share an example of feedback you gave?",
    "Do you have an example of a design you regret?",
    "May I ask what draws you to us?",
    "Can I ask how you came to leave?",
    "Will you take me through your week?",
    "Do tell me about your first release.",
    "Do describe the hardest fault you found.",
    "Have you led a team? Tell me about it.",
    "Tell me about a time you failed.",
    "Walk me through your experience.",
    "Please give me an overview of your experience.",
    "What did you learn?",
    "Which of these, if any, have you used?",
    "When did you last change your mind?",
    "When a developer brings you a slow query, how do you make it faster?",
    "If you could change one thing, what would it be?",
    "In which cases would you denormalise?",
    "At what point do you stop looking?",
    "For how long did the migration run?",
    "To whom did you report?",
    "Why here?",
    "Where do you stand with other interview processes at the moment?",
    "How far along are you in any other interview processes?",
    "Which other interview processes are you in, as far as you are happy to say?",
    "What other interviews do you have under way, if you are willing to say?",
    "Talk me through a hard problem you solved, including how you reasoned at each step.",
    "What notice period applies to you right now?",
    "What, in your view, is the best way to test this?",
    "Of the teams you have been in, which did you like best?",
    "In your last role, what were you responsible for?",
    "As a lead, how do you decide who does what?",
    "Imagine a service is down: what do you do first?",
    "Given a slow page, how would you find the cause?",
    "So what happened next?",
    "And how did the others take it?",
    "Describe the code you are most proud of.",
    "Explain REST to me as if I had never heard of it.",
    "Who had to hear no from you?",
    "Whose decision was it?",
    "What's the worst outage you have seen?",
    "How's a deadline set in your team?",
    "Name three things a good review finds.",
    "Compare two queues that you have used.",
    "Can you say more about the part you did yourself?",
    "Could you elaborate on that?",
    "Could you start by walking us through your career?",
    "Would you like to tell us what you would want to change?",
    "In Node.js, how do you keep the event loop free?",
    "On a scale from 1 to 5, how well did the launch go?",
    "With hindsight, what would you do differently?",
    "Sometimes, e.g. under load, a cache makes things worse. How do you notice?",
    "What do you say when someone asks \"why?\"",
    "Take your last incident. What was the first sign of it?",
];

#[test]
fn a_question_that_yes_or_no_would_answer_is_closed() {
    hold(&CLOSED, closed);
}

#[test]
fn a_question_that_invites_more_is_open() {
    hold(&OPEN, |text| !closed(text));
}

#[test]
fn a_statement_is_no_question() {
    for text in [
        "We use Rust here.",
        "Any product will do.",
        "",
        "?!",
        "Will is our lead.",
        "May was a bad month.",
        "What you did.",
        "…",
        ", , ,",
        "- - ?",
    ] {
        assert!(!closed(text) && !double(text), "{text}");
    }
}

#[test]
fn two_questions_in_one_are_found() {
    hold(
        &[
            "What did you do? What did you learn?",
            "What is a B-tree? And when is it the wrong tool?",
            "What did you build, and how did you test it?",
            "What did you build and how did you test it?",
            "How did you find the fault, and what would you do differently?",
            "Why did you leave, and where do you want to go?",
            "Tell me about a time you failed and how did you handle it?",
            "Which tools do you use, and why do you prefer them?",
            "What did you do, and did it work?",
            "Have you used Kafka and do you like it?",
            "Have you ever led a migration, and if so, how did it go?",
            "What did it cost you, and who noticed?",
            "What did you try first, and what happened?",
            "How large was the team, and which part did you lead?",
            "What did you choose, and how long did it take you?",
            "What would you keep and what would you change?",
            "When did it break, how did you notice?",
            "Who decided, and who was the decision explained to? Why?",
            "What are your strengths and what are your weaknesses?",
            "How do you plan a release, and then how do you announce it?",
            "Describe a conflict, and what did you learn from it?",
            "What went wrong, but what was the good of it?",
        ],
        |text| double(text),
    );
}

#[test]
fn one_question_with_two_parts_is_one() {
    hold(
        &[
            "What is your favourite language, and why?",
            "Which tool did you choose and why?",
            "How and why did you leave?",
            "How and when do you write tests?",
            "What went well and what did not?",
            "What went well, and what didn't?",
            "What was planned, and what was not?",
            "How do you decide what to test and what to leave out?",
            "How do you decide what goes in, and what stays out?",
            "How do you find out who reads it and what they need?",
            "How do you decide where one service ends and the next begins?",
            "Tell me about a time you failed and what you learned from it.",
            "Tell me what the team did and what you did the week after.",
            "Tell me about a time in your career when you failed, from the moment you noticed to how you handled it.",
            "Walk me through how you deployed a backend, naming the services you used and how they fit together.",
            "When a developer brings you a slow query, how do you go about making it faster?",
            "What do you say when someone asks \"why?\" in a review?",
            "Tell me about a time developers on your team were in conflict and it fell to you to deal with it.",
            "What evidence do you ask for before a costly change, and who else?",
            "Who does what and when?",
            "What strategies do you use while clients depend on them?",
            "How do you know who owns a table, which may be nobody?",
            "In a crisis, what do you do first?",
            "If a service fails, what do you look at?",
            "Do you write the tests or do you rely on others?",
            "How do you tell what is private and what is shared?",
            "What do you look at first, and what next?",
            "Which part was yours, if any?",
            "What do you expect of managers and of those who report to them?",
        ],
        |text| !double(text),
    );
}

#[test]
fn an_opinion_or_a_guess_is_told_from_an_event() {
    hold(
        &[
            "What would you do if a colleague took the credit?",
            "How would you handle a conflict in your team?",
            "What do you think of code reviews?",
            "How important is feedback to you?",
            "What is your opinion of agile methods?",
            "What is your leadership style?",
            "What's your management philosophy?",
            "How do you handle stress?",
            "How do you manage your time?",
            "Describe your approach to mentoring.",
            "What are your greatest strengths and weaknesses?",
            "What motivates you as a developer?",
            "How do you keep up with new technology?",
            "What kind of boss do you like?",
            "Why do you want to lead people?",
            "Imagine two engineers who do not talk to each other. What is your first step?",
            "If you were behind a deadline, what would come first?",
            "Tell me how you usually deal with criticism.",
            "Do you consider yourself a team player?",
            "What makes a good team lead?",
            "How do you do one thing at a time?",
            "In a difficult situation, how do you react?",
            "Which qualities should a lead have, and which do you have?",
            "How would you describe your leadership style?",
        ],
        |text| asks_for_opinion(&plain(text)),
    );
    hold(
        &[
            "Tell me about a time you worked with a colleague you found difficult.",
            "Tell me about a time when you felt especially motivated by your work as a developer.",
            "Tell me about a time when keeping up with backend technology changed how you work.",
            "Give me an example of how you handle stress.",
            "What was the last thing you changed your mind about?",
            "How did you handle the last conflict in your team?",
            "What have you learned from a failure?",
            "Which decision of yours do you regret the most, and when did you take it?",
            "Walk me through how you onboarded a junior developer.",
            "What is the hardest decision you made as a lead?",
            "Describe a situation in which you had to disappoint a customer.",
            "What did you do when the priorities changed?",
            "Which project are you most proud of?",
            "Describe your most recent disagreement with a manager.",
            "Could you describe how you resolved a conflict?",
            "Think of a time you failed: what would you do differently?",
            "What happened when a release of yours went wrong?",
            "Tell me about a project that you had to stop.",
            "When did you last help somebody who did not ask?",
            "Tell me about a bug.",
        ],
        |text| !asks_for_opinion(&plain(text)),
    );
}

#[test]
fn words_are_counted_as_they_are_said() {
    assert_eq!(
        words("How do you test? Tell me – in C++, say – e.g. about mocks."),
        12
    );
    assert_eq!(words(""), 0);
    assert_eq!(words(&"word ".repeat(51)), 51);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(?:do |you |what |, |and |\\? |: |if |would |in |- |['\"…é.])*\\PC{0,20}") {
        let text = plain(&text);
        let sentences = sentences(&text);
        let _ = (is_double(&sentences), is_closed(&sentences), asks_for_opinion(&text));
    }
}
