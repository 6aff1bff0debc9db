#![no_main]

#[path = "../promises.rs"]
#[expect(dead_code, reason = "the other target holds the other promise")]
mod promises;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::guide(bytes));
