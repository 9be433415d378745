//! The `package-actions` command: reads arguments, calls the pipeline, prints what it answers.
//!
//! Data goes to stdout, everything else to stderr. No decision is taken here.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the room that prints")]

mod args;
mod commands;
mod listen;
mod print;
mod publish;
mod reference;
mod small;
mod workflow;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(&args) {
        Ok(code) => code,
        Err(failure) => {
            print::problems(&failure.problems, args.output);
            ExitCode::from(failure.kind as u8)
        }
    }
}
