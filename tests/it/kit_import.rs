//! A recruiter's guide becomes a kit, from Slack: pasted into a form, or taken from a message.

use crate::harness::{assert_snapshot, story};
use crate::kit_editing::admin;

/// An invented guide, with an advertisement, a plural title and a range without a period.
const GUIDE: &str = "Interview Questions for Release Manager

Find people in an hour
HireQuick sorts the pile for you
Start for free

The Release Manager owns what goes out & when. Based on current job market analysis and industry standards, successful Release Managers typically demonstrate:
• Git, Release trains (weekly, monthly), Feature flags
• 4+ years in software delivery.
• Calm, Plain writing

According to recent market data, the typical salary range for this position is €60,000 - €80,000, with Medium demand in the market.

Initial Screening Questions
• What attracted you to release management?
• What is your notice period?

Technical Assessment Questions
• How do you decide that a release goes out?
• What do you do in the hour after a bad release?
Expert hiring managers look for:
• Names who decides
Common pitfalls:
• Blames the tools

Behavioral Questions
• Tell me about a release that you stopped.

This comprehensive guide to Release Manager interview questions reflects current industry standards and hiring practices.
";

#[tokio::test]
async fn a_guide_is_shown_line_by_line_before_it_is_saved_as_a_kit() {
    story(async |slack| {
        let olga = admin(slack);
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        let form = olga.types(&hiring, "/interview import").await;
        assert!(form.is_modal(), "{}", form.text());
        let (first, second) = GUIDE.split_at(GUIDE.find("Technical").expect("it is there"));
        let form = form
            .fills("Guide", first)
            .fills("Guide, continued (2)", second);
        let report = form.submits().await;
        assert_snapshot!(report.text(), @"
        [What becomes of it]
        Nothing is saved yet. This would be a kit of 5 questions: 13 lines kept, 9 left out, 0 doubtful.
        Title: [Release Manager]
        Short name: [release-manager]
        What people type after /interview: a to z, 0 to 9 and dashes.
        Assumed
        • an interview takes 30 minutes: three for each question, thirty at least
        • the salary is for a year: no period is named
        Lacking
        • when the salary was true
        • competencies, follow-ups and anchors
        Left out
        • 3 advertisement: Find people in an hour
        • 4 advertisement: HireQuick sorts the pile for you
        • 5 advertisement: Start for free
        • 14 heading: screening questions: Initial Screening Questions
        • 19 heading: technical questions: Technical Assessment Questions
        • 22 heading: look-fors: Expert hiring managers look for:
        • 24 heading: pitfalls: Common pitfalls:
        • 27 heading: behavioural questions: Behavioral Questions
        • 30 boilerplate: closing sentence: This comprehensive guide to Release Manager interview questions reflects current industry standards and hiring practices.
        Kept
        • 1 title: Interview Questions for Release Manager
        • 7 profile: The Release Manager owns what goes out & when. Based on current job market analysis and industry standards, successful Release Managers typicall…
        • 8 hard skills: • Git, Release trains (weekly, monthly), Feature flags
        • 9 experience: • 4+ years in software delivery.
        • 10 soft skills: • Calm, Plain writing
        • 12 salary and demand: According to recent market data, the typical salary range for this position is €60,000 - €80,000, with Medium demand in the market.
        • 15 screening question 1: • What attracted you to release management?
        • 16 screening question 2: • What is your notice period?
        • 20 technical question 1: • How do you decide that a release goes out?
        • 21 technical question 2: • What do you do in the hour after a bad release?
        • 23 look-for 1: • Names who decides
        • 25 pitfall 1: • Blames the tools
        • 28 behavioural question 1: • Tell me about a release that you stopped.
        ");

        // Leaving saves nothing.
        olga.closes_all().await;
        let none = olga.types(&hiring, "/interview release-manager").await;
        assert!(
            none.text().starts_with("No role release-manager"),
            "{}",
            none.text()
        );

        let report = form_again(&olga, &hiring).await;
        let refused = report.clone().fills("Short name", "senior-backend").submits().await;
        assert_snapshot!(refused.complaints(), @"Short name: There is a kit senior-backend already, so nothing was saved. Choose another short name, or edit that kit.");
        let refused = report
            .clone()
            .fills("Short name", "Release Manager!")
            .submits()
            .await;
        assert_snapshot!(refused.complaints(), @"Short name: Nothing was saved: `Release Manager!` is not a slug (use a to z, 0 to 9 and single dashes between them, beginning with a letter: `senior-backend`).");
        report
            .fills("Short name", "release-manager")
            .fills("Title", "Release Manager")
            .submits()
            .await;
        assert!(olga.modal().is_none(), "both forms are done with");
        let kit = olga.types(&hiring, "/interview release-manager").await;
        assert_snapshot!(kit.text(), @"
        Release Manager
        5 questions, about 30 minutes · kit xxxxxx since Nov 21, 2024, imported in Slack by @olga
        [Screening] [Technical] [Behavioural] [Look for] [Pitfalls] [Profile]
        The Release Manager owns what goes out & when.
        [Start a candidate] [Share kit here]
        ");
        kit.clicks("Technical").await;
        assert!(
            kit.text()
                .contains("2. What do you do in the hour after a bad release?"),
            "{}",
            kit.text()
        );

        // It works like any other: a loop, and a file to review.
        rita.types(&hiring, "/interview release manager Jane Doe")
            .await;
        let (code, said) = slack.at_the_machine("kits export --stdout").await;
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("slug = \"release-manager\""), "{said}");
        slack.restarts().await;
        let kit = olga.types(&hiring, "/interview release-manager").await;
        assert!(
            kit.text().contains("imported in Slack by @olga"),
            "{}",
            kit.text()
        );
        slack.rest_is_read();
    })
    .await;
}

async fn form_again(
    olga: &crate::harness::Member,
    place: &crate::harness::Place,
) -> crate::harness::Card {
    let form = olga.types(place, "/interview import").await;
    form.fills("Guide", GUIDE).submits().await
}

#[tokio::test]
async fn what_is_no_guide_is_refused_under_its_box_and_nothing_is_lost() {
    story(async |slack| {
        let olga = admin(slack);
        let hiring = slack.private_channel("#hiring");
        let form = olga.types(&hiring, "/interview import").await;
        let form = form.fills("Guide", "Wir suchen jemanden, der gerne programmiert.");
        let refused = form.submits().await;
        assert_snapshot!(refused.complaints(), @"Guide: Nothing was imported: the guide is in another language than English, or is no guide: none of its lines is a heading such as “Technical Assessment Questions”, and hardly a word is one of English's small words (the, of, what, how).");
        let form = form.fills(
            "Guide",
            &format!(
                "{GUIDE}\n{}",
                GUIDE.replace("Release Manager", "Data Engineer")
            ),
        );
        let refused = form.submits().await;
        assert_snapshot!(refused.complaints(), @"Guide: Nothing was imported: there are two roles in the guide: line 1 says “Release Manager”, line 31 “Data Engineer”; put each role into a file of its own.");
        olga.closes_all().await;

        // Two days later the guide is forgotten.
        let report = form_again(&olga, &hiring).await;
        slack
            .advance(std::time::Duration::from_secs(4 * 24 * 3600))
            .await;
        slack.restarts().await;
        let gone = report.submits().await;
        assert_snapshot!(gone.text(), @"
        [Not yet]
        This guide was saved already, or is more than two days old. Please import it again.
        ");
        slack.rest_is_read();
    })
    .await;
}

#[tokio::test]
async fn a_guide_in_a_message_is_imported_from_its_menu() {
    story(async |slack| {
        let olga = admin(slack);
        let [rita] = slack.members(["rita"]);
        let hiring = slack.private_channel("#hiring");
        rita.types(&hiring, GUIDE).await;
        let report = olga.uses(&hiring, "Import as a kit").await;
        assert!(report.is_modal());
        assert!(
            report.text().contains("owns what goes out & when"),
            "{}",
            report.text()
        );
        report.submits().await;
        let kit = olga.types(&hiring, "/interview release-manager").await;
        assert!(
            kit.text().starts_with("Release Manager\n5 questions"),
            "{}",
            kit.text()
        );

        let refused = rita.uses(&hiring, "Import as a kit").await;
        assert_snapshot!(refused.text(), @"Kits are changed by administrators. Nothing was changed; please ask one of them.");
        let refused = rita.types(&hiring, "/interview import").await;
        assert!(
            refused
                .text()
                .starts_with("Kits are changed by administrators.")
        );
        rita.types(&hiring, "hello").await;
        let refused = olga.uses(&hiring, "Import as a kit").await;
        assert_snapshot!(refused.text(), @"Nothing was imported: the guide is in another language than English, or is no guide: none of its lines is a heading such as “Technical Assessment Questions”, and hardly a word is one of English's small words (the, of, what, how).");
        slack.rest_is_read();
    })
    .await;
}
