//! Bad input: whatever stands in a repository, on the command line or in a folder that calls itself
//! a release, the program says what is wrong, where, and what to do; it writes nothing, and neither
//! hangs nor falls over.

mod configuration;
mod environment;
mod existing;
mod hostile;
mod lists;
mod names;
mod questions;
mod selection;
mod stdout;
mod tree;
