//! stub
use crate::app::scene::{PostScene, Scene};
use crate::domain::event::Request;
use crate::domain::ids::{ChannelId, LoopCode};
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use slack_morphism::prelude::*;
use std::collections::BTreeMap;
pub struct Drawn { pub text: String, pub blocks: Vec<SlackBlock> }
#[derive(Default)]
pub struct Meta { pub channel: Option<ChannelId> }
pub fn draw(_: &Scene) -> Drawn { todo!() }
pub fn draw_modal(_: &Scene) -> Option<SlackView> { todo!() }
pub fn draw_post(_: &PostScene) -> Drawn { todo!() }
pub fn said(_: &Words) -> Drawn { todo!() }
pub fn refused(_: &Refusal) -> Drawn { todo!() }
pub fn broke(_: bool, _: &str) -> Drawn { todo!() }
pub fn broke_modal(_: bool, _: &str) -> SlackView { todo!() }
pub fn notice_modal(_: &str, _: &Words) -> SlackView { todo!() }
pub fn waiting_modal() -> SlackView { todo!() }
pub fn retired(_: &LoopCode, _: &ChannelId) -> Drawn { todo!() }
pub fn read_form(_: &str, _: &str, _: &crate::slack::inbound::State) -> Option<(Request, Meta)> { todo!() }
pub fn field_errors(_: &str, _: &Refusal) -> Option<BTreeMap<String, String>> { todo!() }
