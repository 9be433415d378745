//! The `package-actions` command: reads arguments, calls the pipeline, prints what it answers.
//!
//! Data goes to stdout, everything else to stderr. No decision is taken here.

mod args;
mod codes;
mod commands;
mod explain;
mod listen;
mod out;
mod print;
mod publish;
mod reference;
mod settings;
mod steps;
mod work;
mod workflow;

use std::process::ExitCode;

use clap::Parser as _;
use pipeline::Failure;

/// How a command ended: the exit code of an answer, or why there is none.
type Outcome = Result<ExitCode, Failure>;

fn main() -> ExitCode {
    let (done, output) = match args::Args::try_parse() {
        Ok(args) => (commands::run(&args), args.output),
        Err(said) => (out::parsed(&said), args::Output::Table),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            print::problems(&failure.problems, output);
            ExitCode::from(failure.kind as u8)
        }
    }
}
