//! One binary for all tests that look at the program from outside.

mod architecture;
mod awkward;
mod bad_input;
mod command_line;
mod fairness;
mod finding;
mod harness;
mod hiring_manager;
mod hostile;
mod interviewer;
mod kits;
mod load;
mod manifest;
mod owner;
mod pinning;
mod places_of_a_loop;
mod readme;
mod second_thoughts;
mod submitting;
mod troubles;
