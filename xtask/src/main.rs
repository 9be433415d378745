//! The program for tooling: `cargo xtask ci | test | bench | fuzz | judges | wasm | docs |
//! release-tree`.
//!
//! It knows the commands that a developer would type and in which order CI runs them. It knows
//! nothing of what the product does: it builds it and drives it from outside.

mod bench;
mod cache;
mod ci;
mod docs;
mod fuzz;
mod judges;
mod measure;
mod release;
mod step;
mod wasm;
mod workspace;
// One reader for this program and the tests, which cannot use each other.
#[path = "../../tests/src/yaml.rs"]
#[cfg_attr(not(test), expect(dead_code, reason = "the tests ask more of it"))]
mod yaml;

use std::env;
use std::process::ExitCode;

/// What went wrong, told to a person: nothing here is handled by a caller.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  ci [--full] [--cold]   all that CI runs
                         --full: every slow test too; goes on where it was cut off
                         --cold: from empty caches
  ci --full GROUP...     only these groups of slow tests
  ci --full --list       the groups, their tests, and which passed on the files as they are
  test [NAME]            the tests whose name, or whose test file, contains NAME
  bench [NAME]           measure: bytes, plan, publish, wasm
  fuzz [TARGET...]       grow the inputs of all fuzz targets, or of these, on nightly
                         --minutes N: each so long, 1 unless said otherwise
                         --list: the targets, and what each holds
                         --part N/OF: only this one of so many equal shares
                         --replay FILE: only run this input through TARGET
  judges [--full]        install the tools that the tests ask for an opinion
                         --full: a browser too, for the slow tests
  wasm [OUT]             build the WASM modules, into target/wasm/pkg unless said otherwise
  wasm --twice           build them, and again in another folder: the same bytes?
  docs [--check]         write docs/reference anew, or check that it is current
  release-tree OUT       write what a release tag holds into the folder OUT
                         --binaries DIR: with a table of the binaries in DIR
                         --wasm DIR: with the WASM that was built into DIR
                         --ghes: for GitHub Enterprise Server
  release-commit TREE BUNDLE
                         make it a commit, with its tags, in a git bundle
";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["ci", words @ ..] => ci::run(words),
        ["test"] => ci::test(None),
        ["test", name] => ci::test(Some(name)),
        ["bench"] => bench::run(None),
        ["bench", name] => bench::run(Some(name)),
        ["fuzz", words @ ..] => fuzz::run(words),
        ["judges"] => judges::install(false),
        ["judges", "--full"] => judges::install(true),
        ["wasm"] => wasm::build(wasm::OUT),
        ["wasm", "--twice"] => wasm::twice(),
        ["wasm", out] => wasm::build(out),
        ["docs"] => docs::write(),
        ["docs", "--check"] => docs::check(),
        ["release-tree", words @ ..] => release::run(words),
        ["release-commit", tree, bundle] => release::commit(tree.as_ref(), bundle.as_ref()),
        ["measure", "--", program, arguments @ ..] => measure::here(program, arguments),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
