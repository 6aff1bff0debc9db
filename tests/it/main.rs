//! One binary for all tests that look at the program from outside.

mod architecture;
mod command_line;
mod fairness;
mod harness;
mod hiring_manager;
mod interviewer;
mod kits;
mod manifest;
mod owner;
mod readme;
mod submitting;
