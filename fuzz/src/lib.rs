//! Fuzz targets: one for each reader of bytes that a stranger may have written.
//!
//! A target is a function of bytes that calls a reader as the product does, and holds what it
//! accepts to what the rest of the program relies on: what is written from it reads back the same,
//! a second pass changes nothing, messages cannot move a terminal. A fault is a panic. `cargo xtask
//! fuzz` grows the inputs; `tests/replay.rs` runs every seed, and every input of `corpus/` that
//! once found something. It must not know what libFuzzer is: that is `main.rs`.

mod archives;
mod charts;
mod configuration;
mod executables;
mod images;
mod pages;
mod parts;
mod projects;
mod properties;
mod python;
mod releases;
mod requests;
mod samples;
mod sboms;
mod signatures;
mod texts;

/// A reader under test.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What the command line calls it, and its folder in `corpus/`.
    pub name: &'static str,
    /// What it reads, and what it holds that to.
    pub about: &'static str,
    /// Inputs to start from: real files, or what our own writers make.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Reads one input.
    ///
    /// # Panics
    /// When the reader is at fault.
    pub run: fn(&[u8]),
}

/// All of them, in the order of the crates that they call.
pub fn targets() -> impl Iterator<Item = &'static Target> {
    let all = [
        texts::TARGETS,
        archives::TARGETS,
        projects::TARGETS,
        configuration::TARGETS,
        python::TARGETS,
        images::TARGETS,
        charts::TARGETS,
        executables::TARGETS,
        sboms::TARGETS,
        signatures::TARGETS,
        releases::TARGETS,
        requests::TARGETS,
        pages::TARGETS,
    ];
    all.into_iter().flatten()
}

/// The target of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Target> {
    targets().find(|target| target.name == name)
}

/// Seeds of texts.
fn seeds(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
