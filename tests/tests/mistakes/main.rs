//! What people read when something goes wrong: of each mistake the command, all that the terminal
//! shows, the exit code, and the same as JSON. One text a mistake, below `fixtures/mistakes`, to be
//! read as the person who made it would.
//!
//! `UPDATE_MISTAKES=1` writes the texts anew; what was made of them is then in `git diff`.

mod build;
mod configuration;
mod files;
mod mistake;
mod projects;
