//! Every seed, and every input that once found something, run through its target.

use std::fs;
use std::path::{Path, PathBuf};

/// The longest input that the repository keeps.
const MAX_INPUT_BYTES: usize = 16 << 10;

/// All inputs together.
const MAX_CORPUS_BYTES: usize = 1 << 20;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_seed_and_every_input_of_the_corpus_is_read_without_a_fault() {
    for target in fuzz_targets::targets() {
        let seeds = (target.seeds)();
        assert!(!seeds.is_empty(), "{} has no seed", target.name);
        for (number, seed) in seeds.iter().enumerate() {
            run(target, &format!("seed {number}"), seed);
        }
        for path in files(&corpus().join(target.name)) {
            run(target, &path.display().to_string(), &fs::read(&path).unwrap());
        }
    }
}

/// Runs one input; a fault names it.
fn run(target: &fuzz_targets::Target, name: &str, bytes: &[u8]) {
    let ran = std::panic::catch_unwind(|| (target.run)(bytes));
    assert!(ran.is_ok(), "the target `{}` is at fault with {name}", target.name);
}

#[test]
fn targets_have_names_of_their_own() {
    let mut names: Vec<&str> = fuzz_targets::targets().map(|target| target.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "{names:?}");
    for target in fuzz_targets::targets() {
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(target.name.chars().all(plain), "{}", target.name);
        assert_eq!(fuzz_targets::named(target.name).unwrap().about, target.about);
    }
}

#[test]
fn the_corpus_is_small_and_belongs_to_targets() {
    let mut total = 0;
    for folder in files(&corpus()) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(fuzz_targets::named(name).is_some(), "no target is called `{name}`");
        for path in files(&folder) {
            let size = fs::read(&path).unwrap().len();
            assert!(size <= MAX_INPUT_BYTES, "{} has {size} bytes", path.display());
            total += size;
        }
    }
    assert!(total <= MAX_CORPUS_BYTES, "the corpus has {total} bytes");
}
