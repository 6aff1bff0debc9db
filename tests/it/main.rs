//! Stories, and everything else that looks at the program from outside. Rules and promises are tested beside what keeps them.

mod architecture;
mod command_line;
mod harness;
mod hiring_manager;
mod interviewer;
mod kill;
mod kits;
mod manifest;
mod readme;
mod store_kill;
mod submitting;
