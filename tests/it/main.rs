//! One binary for all tests that look at the program from outside.

mod architecture;
mod command_line;
mod kits;
mod manifest;
mod readme;
