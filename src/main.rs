//! The door: chooses the cryptography and hands over to the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Where several providers are linked, or none is the default, the first TLS connection panics. It errs only if one is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    interview_assistant::cli::main()
}
