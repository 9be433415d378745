//! Where a CI run works: its cache root, its target folder, and the environment that every step
//! gets.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::step::{SKIPS_VARIABLE, Step};
use crate::{Failure, cache, workspace};

/// The folders of one run.
pub struct Context {
    /// The cache root that the steps use.
    pub cache: PathBuf,
    /// The file in which tests note the judges that they missed.
    pub skips: PathBuf,
    environment: BTreeMap<String, String>,
}

impl Context {
    /// The usual folders, or with `cold` new, empty ones under `target/xtask/cold`.
    pub fn prepare(cold: bool) -> Result<Self, Failure> {
        let own = workspace::own_folder()?;
        let skips = own.join("skips");
        let _ = fs::remove_file(&skips);
        let mut environment =
            BTreeMap::from([(SKIPS_VARIABLE.to_owned(), skips.display().to_string())]);
        let mut set = |name: &str, path: &Path| {
            environment.insert(name.to_owned(), path.display().to_string());
        };
        let cache = if cold {
            let cold = own.join("cold");
            let _ = fs::remove_dir_all(&cold);
            set(cache::ROOT_VARIABLE, &cold.join("cache"));
            set("CARGO_TARGET_DIR", &cold.join("target"));
            cold.join("cache")
        } else {
            if workspace::in_ci() && env::var_os("CARGO_TARGET_DIR").is_none() {
                set("CARGO_TARGET_DIR", &kept_target()?);
            }
            cache::root()?
        };
        Ok(Self { cache, skips, environment })
    }

    /// The product, as [`super::steps::Made::Programs`] leaves it.
    pub fn product(&self) -> String {
        let target = match self.environment.get("CARGO_TARGET_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => workspace::target_folder().unwrap_or_else(|_| "target".into()),
        };
        target.join("release/package-actions").display().to_string()
    }

    /// The step with this run's environment.
    pub fn step(&self, name: &str, line: &str) -> Step {
        Step { environment: self.environment.clone(), ..Step::new(name, line) }
    }
}

/// A target folder in the cache for what Cargo.lock and the compiler make of it: CI is a fresh
/// clone each time, and the dependencies need no second build. Folders of other locks are removed;
/// each is gigabytes. (`target` in the same cache is the product's, for what it builds.)
fn kept_target() -> Result<PathBuf, Failure> {
    let all = cache::folder("ci-target")?;
    let compiler = workspace::output("rustc", &["--version", "--verbose"])?;
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock"))?;
    let mine = all.join(workspace::key(&[&compiler, &lock])?);
    for entry in fs::read_dir(&all)? {
        let path = entry?.path();
        if path != mine {
            fs::remove_dir_all(path)?;
        }
    }
    Ok(mine)
}
