//! Programs that read many inputs with the readers of another language.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use product_tests::judges::{self, Verdict};
use product_tests::scratch::Scratch;
use serde_json::Value;

use crate::reading::Reading;

/// Another reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// One of those in `python.py`, by its letter.
    Python(char, &'static str),
    /// One of those in `reader.go`.
    Go(char, &'static str),
    /// The tar of this machine.
    GnuTar,
}

impl Other {
    pub fn name(self) -> &'static str {
        match self {
            Self::Python(_, name) | Self::Go(_, name) => name,
            Self::GnuTar => "GNU tar",
        }
    }

    /// What it makes of each input; nothing where the reader is not on this machine.
    pub fn read(self, inputs: &[&[u8]]) -> Option<Vec<Reading>> {
        match self {
            Self::Python(letter, _) => {
                judges::find("twine")?;
                let python = judges::judges_root().join("pypi/venv/bin/python");
                let work = Scratch::new("readers").unwrap();
                let script = work.join("python.py");
                fs::write(&script, include_str!("others/python.py")).unwrap();
                let mut command = Command::new(python);
                Some(answers(command.arg(script), letter, inputs))
            }
            Self::Go(letter, _) => {
                let work = Scratch::new("readers").unwrap();
                let program = built(&work)?;
                Some(answers(&mut Command::new(program), letter, inputs))
            }
            Self::GnuTar => crate::gnu_tar::read(inputs),
        }
    }
}

/// The program of `reader.go`, of the standard library alone.
fn built(work: &Scratch) -> Option<PathBuf> {
    let go = judges::find("go")?;
    let (source, program) = (work.join("main.go"), work.join("reader"));
    fs::write(&source, include_str!("others/reader.go")).unwrap();
    let mut command = go.command();
    command.args(["build", "-o"]).args([&program, &source]);
    // No module, no other release of Go, no C.
    command.envs([("GO111MODULE", "off"), ("GOTOOLCHAIN", "local"), ("CGO_ENABLED", "0")]);
    Verdict::of(&mut command).accepted();
    Some(program)
}

fn answers(command: &mut Command, letter: char, inputs: &[&[u8]]) -> Vec<Reading> {
    let work = Scratch::new("readers").unwrap();
    let mut frames = Vec::new();
    for input in inputs {
        frames.push(u8::try_from(letter).unwrap());
        frames.extend(u32::try_from(input.len()).unwrap().to_be_bytes());
        frames.extend(*input);
    }
    let file = work.join("frames");
    fs::write(&file, frames).unwrap();
    let told = Verdict::of(command.arg(file)).accepted().stdout;
    let answers: Vec<Reading> = told.lines().map(answer).collect();
    assert_eq!(answers.len(), inputs.len(), "one line for each input");
    answers
}

fn answer(line: &str) -> Reading {
    let mut value: Value = serde_json::from_str(line).unwrap();
    match value.get_mut("ok") {
        Some(read) => Ok(read.take()),
        None => Err(value["error"].as_str().unwrap().to_owned()),
    }
}
