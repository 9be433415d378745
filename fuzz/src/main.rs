//! Grows the inputs of one target with libFuzzer: `cargo xtask fuzz` starts it.
//!
//! The variable `FUZZ_TARGET` names the target. `FUZZ_LIST` prints all targets instead, and
//! `FUZZ_SEEDS` writes the target's seeds into the folder that it names. An input that takes more
//! memory than the product may is a fault like any other.

#![no_main]

use std::alloc::System;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::exit;
use std::sync::OnceLock;
use std::{env, fs, io};

use cap::Cap;
use fuzz_targets::Target;
use libfuzzer_sys::fuzz_target;

/// Fails once an input takes more than it may, so that a fault names the place.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// What an artifact may take, and how many times its own size besides: the aim of `cargo xtask
/// bench bytes`.
const ALLOWED_BYTES: usize = 64 << 20;
const ALLOWED_TIMES: usize = 4;

/// What the checks of a target take beside the reader: they hold what was read, what is written
/// from it, and what is read from that.
const CHECKS: usize = 4;

static TARGET: OnceLock<&Target> = OnceLock::new();

fuzz_target!(init: prepare(), |bytes: &[u8]| {
    let Some(target) = TARGET.get() else { return };
    let allowed = CHECKS * (ALLOWED_BYTES + ALLOWED_TIMES * bytes.len());
    let _ = ALLOCATOR.set_limit(ALLOCATOR.allocated() + allowed);
    (target.run)(bytes);
    let _ = ALLOCATOR.set_limit(usize::MAX);
});

fn prepare() {
    if env::var_os("FUZZ_LIST").is_some() {
        for target in fuzz_targets::targets() {
            let _ = writeln!(io::stdout(), "{}\t{}", target.name, target.about);
        }
        exit(0);
    }
    let name = env::var("FUZZ_TARGET").unwrap_or_default();
    let Some(target) = fuzz_targets::named(&name) else {
        let _ = writeln!(io::stderr(), "`{name}` is not a target: set FUZZ_TARGET");
        exit(2);
    };
    if let Some(folder) = env::var_os("FUZZ_SEEDS").map(PathBuf::from) {
        for (number, seed) in (target.seeds)().into_iter().enumerate() {
            if let Err(error) = fs::write(folder.join(format!("seed-{number}")), seed) {
                let _ = writeln!(io::stderr(), "{}: {error}", folder.display());
                exit(2);
            }
        }
        exit(0);
    }
    let _ = TARGET.set(target);
}
