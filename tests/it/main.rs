//! Stories, and everything else that looks at the program from outside. Rules and promises are tested beside what keeps them.

mod architecture;
mod awkward;
mod bad_input;
mod calibrating;
mod command_line;
mod fairness;
mod finding;
mod harness;
mod hiring_manager;
mod hostile;
mod interviewer;
mod kill;
mod kit_editing;
mod kit_files;
mod kits;
mod load;
mod manifest;
mod owner;
mod pinning;
mod places_of_a_loop;
mod readme;
mod second_thoughts;
mod store_kill;
mod submitting;
mod troubles;
mod using_the_kit;
