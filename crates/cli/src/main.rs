//! The `package-actions` command.
fn main() {}
