//! Go: where a module begins, what `go.mod` calls it, and for which platforms a program is.

mod builds;
mod constraint;
mod source;

use model::Diagnostic;

use crate::Manifests;
use crate::path::{join, upwards};

pub use constraint::GoTarget;
pub use source::GoSource;

impl Manifests<'_> {
    /// The nearest folder from `folder` upwards that holds `go.mod`.
    ///
    /// # Errors
    /// When a `go.mod` on the way is not a file.
    pub fn go_module(&self, folder: &str) -> Result<Option<String>, Diagnostic> {
        for folder in upwards(folder) {
            let path = join(&folder, "go.mod");
            let known = self.go_mod.borrow().get(&path).copied();
            let there = match known {
                Some(there) => there,
                None => self.is_file(&path)?,
            };
            self.go_mod.borrow_mut().insert(path, there);
            if there {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    }
}

/// The path of the module.
#[must_use]
pub fn module_path(go_mod: &str) -> Option<String> {
    let line = go_mod.lines().find_map(|line| line.trim_start().strip_prefix("module "))?;
    let path = line.split_whitespace().next()?;
    Some(path.trim_matches(['"', '`']).to_owned())
}

/// The release of Go that the module asks for, such as `1.24`.
#[must_use]
pub fn release(go_mod: &str) -> Option<String> {
    let line = go_mod.lines().find_map(|line| line.trim_start().strip_prefix("go "))?;
    Some(line.split_whitespace().next()?.to_owned())
}

/// The last part of the module's path that is not a major version: `tool` of `example.com/tool/v2`.
#[must_use]
pub fn module_name(go_mod: &str) -> Option<String> {
    let path = module_path(go_mod)?;
    let version = |part: &&str| {
        let digits = part.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    path.rsplit('/').find(|part| !version(part)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_named_after_the_last_part_of_its_path() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(module_name(text).as_deref(), expected, "{text}");
        };
        check("module example.com/tool\n", Some("tool"));
        check("// x\nmodule \"example.com/tool/v2\" // y\n", Some("tool"));
        check("module vx\n", Some("vx"));
        check("go 1.24\n", None);
    }
}
