//! One binary for all tests that look at the program from outside.

mod architecture;
mod awkward;
mod command_line;
mod fairness;
mod harness;
mod hiring_manager;
mod hostile;
mod interviewer;
mod kits;
mod manifest;
mod owner;
mod places_of_a_loop;
mod readme;
mod submitting;
mod troubles;
