//! Installs the judges: tools that nobody here wrote, whose opinion the tests ask for.
//!
//! Everything lands in `judges` in the cache root, nothing system-wide: Debian packages are
//! downloaded by apt and only unpacked. Each kind of source has its own folder; all are fetched at
//! once and kept until their table changes.

mod actions;
mod debian;
mod golang;
mod npm;
mod pypi;

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use crate::{Failure, cache};

/// One kind of source: fetches its judges into a folder of its own and links their programs.
struct Source {
    name: &'static str,
    /// The programs that it brings, unless the machine has them.
    programs: fn() -> Vec<&'static str>,
    /// What is fetched; a change of this text fetches again.
    table: fn() -> String,
    /// Does it, and gives a `NAME VERSION` line for each judge.
    fetch: fn(&Shelf) -> Result<Vec<String>, Failure>,
}

const SOURCES: &[Source] = &[
    Source {
        name: "debian",
        programs: debian::release_programs,
        table: debian::release_table,
        fetch: debian::fetch_release,
    },
    Source {
        name: "debian-sid",
        programs: debian::newest_programs,
        table: debian::newest_table,
        fetch: debian::fetch_newest,
    },
    Source { name: "pypi", programs: pypi::programs, table: pypi::table, fetch: pypi::fetch },
    Source { name: "npm", programs: npm::programs, table: npm::table, fetch: npm::fetch },
    Source {
        name: "actions",
        programs: actions::programs,
        table: actions::table,
        fetch: actions::fetch,
    },
    Source {
        name: "actions-npm",
        programs: actions::package_programs,
        table: actions::package_table,
        fetch: actions::fetch_packages,
    },
    Source { name: "go", programs: golang::programs, table: golang::table, fetch: golang::fetch },
];

/// What only the full tier asks for.
const FULL: &[Source] = &[
    Source {
        name: "debian-browser",
        programs: debian::browser_programs,
        table: debian::browser_table,
        fetch: debian::fetch_browser,
    },
    Source {
        name: "debian-engine",
        programs: debian::engine_programs,
        table: debian::engine_table,
        fetch: debian::fetch_engine,
    },
    Source {
        name: "pypi-full",
        programs: pypi::full_programs,
        table: pypi::full_table,
        fetch: pypi::fetch_full,
    },
    Source {
        name: "npm-full",
        programs: npm::full_programs,
        table: npm::full_table,
        fetch: npm::fetch_full,
    },
    Source {
        name: "go-full",
        programs: golang::full_programs,
        table: golang::full_table,
        fetch: golang::fetch_full,
    },
];

/// Where a source puts what it fetched.
pub struct Shelf {
    /// The source's own folder, empty at the start.
    pub folder: PathBuf,
    /// The folder of programs, shared by all sources.
    pub programs: PathBuf,
}

/// Installs what is missing, with `full` for the full tier too; fails if a judge cannot be had,
/// after trying all.
pub fn install(full: bool) -> Result<(), Failure> {
    let judges = cache::folder("judges")?;
    cache::folder("judges/bin")?;
    let wanted: Vec<&Source> = SOURCES.iter().chain(if full { FULL } else { &[] }).collect();
    let results: Vec<Result<String, Failure>> = thread::scope(|scope| {
        let started: Vec<_> =
            wanted.iter().map(|source| scope.spawn(|| source.ready(&judges))).collect();
        let ended = started.into_iter().map(|thread| thread.join());
        ended.map(|result| result.unwrap_or_else(|_| Err("a source panicked".into()))).collect()
    });
    let mut failures = Vec::new();
    for result in results {
        match result {
            Ok(told) => print!("{told}"),
            Err(failure) => failures.push(failure.to_string()),
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

impl Source {
    /// Fetches unless the stamp says that this very table was fetched; gives the lines to print.
    fn ready(&self, judges: &Path) -> Result<String, Failure> {
        let start = Instant::now();
        let table = (self.table)();
        let stamp = judges.join(format!("{}.stamp", self.name));
        let noted = fs::read_to_string(&stamp).ok().and_then(|text| after(&text, &table));
        if let (Some(lines), []) = (noted, self.missing(judges).as_slice()) {
            return Ok(format!("{}: there already\n{lines}", self.name));
        }
        let shelf = Shelf { folder: judges.join(self.name), programs: judges.join("bin") };
        let _ = fs::remove_file(&stamp);
        let _ = fs::remove_dir_all(&shelf.folder);
        fs::create_dir_all(&shelf.folder)?;
        let fetched = (self.fetch)(&shelf);
        let versions =
            fetched.map_err(|failure| format!("judges from {}: {failure}", self.name))?;
        let missing = self.missing(judges);
        if !missing.is_empty() {
            return Err(format!("{} did not bring {}", self.name, missing.join(", ")).into());
        }
        let lines: String = versions.iter().map(|line| format!("  {line}\n")).collect();
        fs::write(&stamp, format!("{table}\n--\n{lines}"))?;
        Ok(format!("{}: fetched in {:.1} s\n{lines}", self.name, start.elapsed().as_secs_f64()))
    }

    /// Its programs that stand neither among the judges nor on PATH.
    fn missing(&self, judges: &Path) -> Vec<&'static str> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut places = vec![judges.join("bin")];
        places.extend(std::env::split_paths(&path));
        let found = |name: &&str| places.iter().any(|place| place.join(name).is_file());
        (self.programs)().into_iter().filter(|name| !found(name)).collect()
    }
}

impl Shelf {
    /// Makes `name` run `program`.
    pub fn link(&self, name: &str, program: &Path) -> Result<(), Failure> {
        let place = self.fresh(name)?;
        symlink(program, &place)?;
        Ok(())
    }

    /// Makes `name` run `program` with shell assignments set before it.
    pub fn wrap(&self, name: &str, program: &Path, assignments: &str) -> Result<(), Failure> {
        let place = self.fresh(name)?;
        let line = format!("#!/bin/sh\n{assignments} exec '{}' \"$@\"\n", program.display());
        fs::write(&place, line)?;
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755))?;
        Ok(())
    }

    fn fresh(&self, name: &str) -> Result<PathBuf, Failure> {
        let place = self.programs.join(name);
        match fs::remove_file(&place) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(place),
        }
    }
}

/// The lines that follow the table in a stamp, if it is the same table.
fn after(stamp: &str, table: &str) -> Option<String> {
    stamp.strip_prefix(table)?.strip_prefix("\n--\n").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_counts_only_for_the_very_table_it_was_made_of() {
        assert_eq!(after("a 1\nb 2\n--\n  a 1\n", "a 1\nb 2"), Some("  a 1\n".to_owned()));
        assert_eq!(after("a 1\n--\n  a 1\n", "a 2"), None);
        assert_eq!(after("a 1\nb 2\n--\n", "a 1"), None);
    }
}
