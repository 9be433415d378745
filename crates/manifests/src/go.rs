//! Go: where a module begins, what `go.mod` calls it, and which files are main packages.

use model::Diagnostic;

use crate::Manifests;
use crate::path::{join, upwards};

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

/// The last part of the module's path that is not a major version: `tool` of `example.com/tool/v2`.
#[must_use]
pub fn module_name(go_mod: &str) -> Option<String> {
    let line = go_mod.lines().find_map(|line| line.strip_prefix("module "))?;
    let path = line.split_whitespace().next()?.trim_matches('"');
    let version = |part: &&str| {
        let digits = part.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    path.rsplit('/').find(|part| !version(part)).map(str::to_owned)
}

/// Whether a source file holds the `main` function of a main package that is built.
#[must_use]
pub fn is_main(source: &str) -> bool {
    let clause = source.lines().find(|line| line.starts_with("package "));
    let main = clause.is_some_and(|line| line.split_whitespace().nth(1) == Some("main"));
    // Files that are there for `go run` or `go generate` alone.
    let built = !source.lines().any(|line| line.starts_with("//go:build ignore"));
    main && built && source.lines().any(|line| line.starts_with("func main("))
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

    #[test]
    fn only_a_built_main_function_makes_a_main_package() {
        let check = |text: &str, expected: bool| assert_eq!(is_main(text), expected, "{text}");
        check("package main\n\nfunc main() {}\n", true);
        check("package main\n\nfunc helper() {}\n", false);
        check("package tool\n\nfunc main() {}\n", false);
        check("//go:build ignore\n\npackage main\n\nfunc main() {}\n", false);
    }
}
