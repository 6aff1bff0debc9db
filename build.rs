//! Rebuilds when a kit is edited: the kits are embedded in the binary, which the compiler does not see.

fn main() {
    println!("cargo::rerun-if-changed=questions");
}
