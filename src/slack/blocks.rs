//! Blocks and views in the few shapes that our screens use. What stands in them is in `screens`.

use super::action::Action;
use super::text;
use crate::domain::words::Words;
use slack_morphism::prelude::*;

/// The longest text of a button, in characters (Slack's limit is 75).
const BUTTON_TEXT: usize = 75;
/// The longest text of an option.
const OPTION_TEXT: usize = 75;
/// The longest plain or mrkdwn text of a section.
pub const SECTION_TEXT: usize = 3000;
/// The longest text of a field of a section.
const FIELD_TEXT: usize = 2000;
/// The most buttons of a row.
const ROW: usize = 25;

/// Plain text without emoji codes: what people typed is shown as they typed it.
#[must_use]
pub fn plain(text: impl Into<String>) -> SlackBlockPlainTextOnly {
    SlackBlockPlainText::new(text.into())
        .with_emoji(false)
        .into()
}

/// A heading.
#[must_use]
pub fn header(heading: &str) -> SlackBlock {
    SlackHeaderBlock::new(plain(text::fitting(heading, 150))).into()
}

/// Words in a block of their own, with nothing parsed in them.
#[must_use]
pub fn words(words: &Words) -> SlackBlock {
    rich(vec![SlackRichTextSection::new(text::rich(words)).into()])
}

/// Rich text made of several parts.
#[must_use]
pub fn rich(elements: Vec<SlackRichTextElement>) -> SlackBlock {
    SlackRichTextBlock::new(elements).into()
}

/// A list with bullets.
#[must_use]
pub fn bullets(items: impl IntoIterator<Item = Words>) -> SlackRichTextElement {
    let items = items
        .into_iter()
        .map(|item| SlackRichTextSection::new(text::rich(&item)).into())
        .collect();
    SlackRichTextList::new(SlackRichTextListStyle::Bullet, items).into()
}

/// Text in columns.
#[must_use]
pub fn preformatted(columns: &str) -> SlackRichTextElement {
    SlackRichTextPreformatted::new(vec![columns.into()]).into()
}

/// A small line.
#[must_use]
pub fn context(words: &Words) -> SlackBlock {
    let line =
        SlackBlockMarkDownText::new(text::mrkdwn_within(words, SECTION_TEXT)).with_verbatim(true);
    SlackContextBlock::new(vec![SlackContextBlockElement::MarkDown(line)]).into()
}

/// A paragraph that costs less than rich text where many people are named in it.
#[must_use]
pub fn section(words: &Words) -> SlackBlock {
    let paragraph =
        SlackBlockMarkDownText::new(text::mrkdwn_within(words, SECTION_TEXT)).with_verbatim(true);
    SlackSectionBlock::new()
        .with_text(SlackBlockText::MarkDown(paragraph))
        .into()
}

/// A paragraph with a button beside it.
#[must_use]
pub fn beside(words: &Words, button: SlackBlockButtonElement) -> SlackBlock {
    let paragraph =
        SlackBlockMarkDownText::new(text::mrkdwn_within(words, SECTION_TEXT)).with_verbatim(true);
    SlackSectionBlock::new()
        .with_text(SlackBlockText::MarkDown(paragraph))
        .with_accessory(button.into())
        .into()
}

/// Short texts beside each other, two in a row (Slack takes ten).
#[must_use]
pub fn fields(texts: &[Words]) -> SlackBlock {
    let fields = texts
        .iter()
        .map(|words| {
            let text = SlackBlockMarkDownText::new(text::mrkdwn_within(words, FIELD_TEXT))
                .with_verbatim(true);
            SlackBlockText::MarkDown(text)
        })
        .collect();
    SlackSectionBlock::new().with_fields(fields).into()
}

/// A line between things.
#[must_use]
pub fn divider() -> SlackBlock {
    SlackDividerBlock::new().into()
}

/// A button.
#[must_use]
pub fn button(label: &str, action: &Action) -> SlackBlockButtonElement {
    let (id, value) = action.on_the_wire();
    SlackBlockButtonElement::new(plain(text::fitting(label, BUTTON_TEXT)))
        .with_action_id(id.into())
        .with_value(value)
}

/// A button that stands out.
#[must_use]
pub fn primary(label: &str, action: &Action) -> SlackBlockButtonElement {
    button(label, action).with_style(SlackBlockButtonStyle::Primary)
}

/// A button that warns: what it leads to cannot be taken back.
#[must_use]
pub fn danger(label: &str, action: &Action) -> SlackBlockButtonElement {
    button(label, action).with_style(SlackBlockButtonStyle::Danger)
}

/// A button that asks before it acts.
#[must_use]
pub fn confirmed(
    button: SlackBlockButtonElement,
    title: &str,
    question: &str,
    yes: &str,
) -> SlackBlockButtonElement {
    button.with_confirm(SlackBlockConfirmItem::new(
        plain(text::fitting(title, 100)),
        SlackBlockText::Plain(
            SlackBlockPlainText::new(text::fitting(question, 300)).with_emoji(false),
        ),
        plain(text::fitting(yes, 30)),
        plain("Cancel"),
    ))
}

/// A row of buttons; none: no row. The name tells it from the other rows of the message.
#[must_use]
pub fn row(name: &str, buttons: Vec<SlackBlockButtonElement>) -> Vec<SlackBlock> {
    let mut buttons = buttons.into_iter().map(Into::into).peekable();
    let mut rows = Vec::new();
    while buttons.peek().is_some() {
        let id = if rows.is_empty() {
            name.to_owned()
        } else {
            format!("{name}.{}", rows.len())
        };
        let row = SlackActionsBlock::new(buttons.by_ref().take(ROW).collect());
        rows.push(row.with_block_id(id.into()).into());
    }
    rows
}

/// A row with a menu that acts at once: what it chooses from by label and value.
#[must_use]
pub fn menu(
    name: &str,
    placeholder: &str,
    action: &Action,
    options: &[(&str, &str)],
) -> SlackBlock {
    let (id, _) = action.on_the_wire();
    let options = options
        .iter()
        .map(|(label, value)| option::<SlackBlockPlainTextOnly>(label, value))
        .collect();
    let menu = SlackBlockStaticSelectElement::new()
        .with_action_id(id.into())
        .with_placeholder(plain(placeholder))
        .with_options(options);
    SlackActionsBlock::new(vec![menu.into()])
        .with_block_id(name.to_owned().into())
        .into()
}

/// An option of a menu.
#[must_use]
pub fn option<T: From<SlackBlockPlainText> + Into<SlackBlockText>>(
    label: &str,
    value: &str,
) -> SlackBlockChoiceItem<T> {
    SlackBlockChoiceItem::new(
        SlackBlockPlainText::new(text::fitting(label, OPTION_TEXT))
            .with_emoji(false)
            .into(),
        value.to_owned(),
    )
}

/// The one input of a form's field; block and action are named after the field.
#[must_use]
pub fn input(
    name: &str,
    label: &str,
    hint: &str,
    optional: bool,
    element: impl Into<SlackInputBlockElement>,
) -> SlackBlock {
    let block = SlackInputBlock::new(plain(text::fitting(label, 2000)), element.into())
        .with_block_id(name.to_owned().into())
        .with_optional(optional);
    if hint.is_empty() {
        block.into()
    } else {
        block.with_hint(plain(text::fitting(hint, 2000))).into()
    }
}

/// A box for text. `most`: how much it takes, in UTF-16 units (Slack's limit is 3000).
#[must_use]
pub fn text_box(
    name: &str,
    initial: &str,
    multiline: bool,
    most: u64,
) -> SlackBlockPlainTextInputElement {
    let element = SlackBlockPlainTextInputElement::new()
        .with_action_id(name.to_owned().into())
        .with_multiline(multiline)
        .with_max_length(most);
    if initial.is_empty() {
        element
    } else {
        element.with_initial_value(initial.to_owned())
    }
}

/// A modal. Without a submit label it only shows something.
#[must_use]
pub fn modal(
    title: &str,
    callback: &str,
    metadata: String,
    submit: Option<&str>,
    blocks: Vec<SlackBlock>,
) -> SlackView {
    let view = SlackModalView::new(plain(text::fitting(title, 24)), blocks)
        .with_callback_id(callback.to_owned().into())
        .with_private_metadata(metadata)
        .with_close(plain(if submit.is_some() { "Cancel" } else { "Close" }));
    SlackView::Modal(match submit {
        Some(submit) => view.with_submit(plain(text::fitting(submit, 24))),
        None => view,
    })
}
