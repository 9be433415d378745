//! Whether a main package can be compiled for a platform, as far as build constraints say.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use model::Platform;

use super::{GoSource, GoTarget};
use crate::Manifests;
use crate::path::{join, parent};

/// The folders of a program's own packages that are looked at: more say nothing new of platforms,
/// and each file costs a question.
const MAX_FOLDERS: usize = 200;

impl Manifests<'_> {
    /// The source files of the package in `folder`, those of its tests aside. What cannot be read
    /// is left out: the compiler says why.
    #[must_use]
    pub fn go_sources(&self, folder: &str) -> Rc<Vec<GoSource>> {
        if let Some(known) = self.go_sources.borrow().get(folder) {
            return Rc::clone(known);
        }
        let inside = self.below(folder).iter().filter(|file| parent(file) == folder);
        let read = |file: &String| {
            let name = file.rsplit('/').next().unwrap_or(file);
            let counts = name.ends_with(".go") && !name.starts_with(['_', '.']);
            if !counts || name.ends_with("_test.go") {
                return None;
            }
            let source = self.text(file).ok().flatten()?;
            Some(GoSource::read(name, &source.text))
        };
        let sources = Rc::new(inside.filter_map(read).collect());
        self.go_sources.borrow_mut().insert(folder.to_owned(), Rc::clone(&sources));
        sources
    }

    /// Those of `platforms` that the main package in `folder`, of the module in `module`, cannot be
    /// compiled for with these build tags; each with the folder whose constraints are in the way:
    /// its own, or that of a package of the module that it imports. Nothing is said where there is
    /// nothing to judge by.
    #[must_use]
    pub fn go_excluded(
        &self,
        module: &str,
        folder: &str,
        platforms: &[Platform],
        tags: &[String],
    ) -> Vec<(Platform, String)> {
        let program = Program { manifests: self, module, folder, path: OnceCell::new() };
        if program.is_plain() {
            return Vec::new();
        }
        let excluded = |platform: &Platform| {
            let target = GoTarget { platform: *platform, tags };
            Some((*platform, program.excluded(target)?))
        };
        platforms.iter().filter_map(excluded).collect()
    }
}

/// A main package of a module.
struct Program<'m, 't> {
    manifests: &'m Manifests<'t>,
    module: &'m str,
    folder: &'m str,
    /// What `go.mod` calls the module; asked only where something is imported.
    path: OnceCell<Option<String>>,
}

impl Program<'_, '_> {
    /// Whether it is the commonest program, which asks for no list of files: one whose `main.go` is
    /// compiled everywhere and imports no other package of the module.
    fn is_plain(&self) -> bool {
        let main = self.manifests.text(&join(self.folder, "main.go")).ok().flatten();
        let main = main.map(|source| GoSource::read("main.go", &source.text));
        main.is_some_and(|main| {
            let is_own = |import: &String| self.own(import).is_some();
            main.is_main && main.is_everywhere() && !main.imports.iter().any(is_own)
        })
    }

    fn excluded(&self, target: GoTarget<'_>) -> Option<String> {
        let mut seen = BTreeSet::from([self.folder.to_owned()]);
        let mut open = vec![self.folder.to_owned()];
        while let Some(next) = open.pop() {
            let sources = self.manifests.go_sources(&next);
            let built: Vec<&GoSource> = sources.iter().filter(|one| one.is_for(target)).collect();
            let is_program = next == self.folder && sources.iter().any(|source| source.is_main);
            let is_there = if is_program {
                built.iter().any(|source| source.is_main)
            } else {
                sources.is_empty() || !built.is_empty()
            };
            if !is_there {
                return Some(next);
            }
            for import in built.iter().flat_map(|source| &source.imports) {
                let found = self.own(import).filter(|found| !seen.contains(found));
                if let Some(found) = found.filter(|_| seen.len() < MAX_FOLDERS) {
                    seen.insert(found.clone());
                    open.push(found);
                }
            }
        }
        None
    }

    /// The folder of an imported package, where it is one of the module.
    fn own(&self, import: &str) -> Option<String> {
        let read = || {
            let go_mod = self.manifests.text(&join(self.module, "go.mod")).ok().flatten()?;
            super::module_path(&go_mod.text)
        };
        let path = self.path.get_or_init(read).as_ref()?;
        let folder = match import.strip_prefix(path.as_str())? {
            "" => self.module.to_owned(),
            rest => join(self.module, rest.strip_prefix('/')?),
        };
        let of = self.manifests.go_module(&folder).ok().flatten();
        (of.as_deref() == Some(self.module)).then_some(folder)
    }
}

#[cfg(test)]
mod tests {
    use model::MemoryTree;

    use super::*;

    /// The folder that keeps `cmd` from being compiled for Linux, and for Windows.
    fn check(files: &[(&str, &str)], linux: Option<&str>, windows: Option<&str>) {
        let go_mod = ("go.mod", "module example.com/r\n");
        let tree = MemoryTree::new(files.iter().copied().chain([go_mod]));
        let manifests = Manifests::new(&tree);
        for (platform, expected) in
            [(Platform::LinuxAmd64, linux), (Platform::WindowsAmd64, windows)]
        {
            let found = manifests.go_excluded(".", "cmd", &[platform], &[]);
            let found = found.first().map(|(_, folder)| folder.as_str());
            assert_eq!(found, expected, "{platform}: {files:?}");
        }
    }

    const MAIN: &str = "package main\n\nfunc main() {}\n";

    #[test]
    fn a_program_is_kept_from_a_platform_by_its_own_files_or_by_what_it_imports() {
        check(&[("cmd/main.go", MAIN)], None, None);
        check(&[("cmd/main_linux.go", MAIN)], None, Some("cmd"));
        // Other files of the package do not make a program of it.
        check(&[("cmd/main_linux.go", MAIN), ("cmd/doc.go", "package main\n")], None, Some("cmd"));
        check(&[("cmd/main_linux.go", MAIN), ("cmd/other.go", MAIN)], None, None);
        check(&[("cmd/main_test.go", MAIN), ("cmd/main_windows.go", MAIN)], Some("cmd"), None);
        let cgo = "package main\n\nimport \"C\"\n\nfunc main() {}\n";
        check(&[("cmd/main.go", cgo)], Some("cmd"), Some("cmd"));
        let unix = "//go:build unix\n\npackage x\n";
        let imports = "package main\n\nimport \"example.com/r/x\"\n\nfunc main() {}\n";
        check(&[("cmd/main.go", imports), ("x/x.go", unix)], None, Some("x"));
        check(&[("cmd/main.go", imports), ("x/x.go", unix), ("x/y.go", "package x\n")], None, None);
        let deeper = "package x\n\nimport \"example.com/r\"\n";
        let files =
            [("cmd/main.go", imports), ("x/x.go", deeper), ("root_windows.go", "package r")];
        check(&files, Some("."), None);
    }

    #[test]
    fn nothing_is_said_of_what_is_not_there_to_be_judged() {
        check(&[], None, None);
        let imports = "package main\n\nimport \"example.com/r/x\"\n\nfunc main() {}\n";
        check(&[("cmd/main.go", imports)], None, None);
        // The folder is a module of its own, which another one would stand in for.
        let files = [
            ("cmd/main.go", imports),
            ("x/go.mod", "module example.com/r/x\n"),
            ("x/x_linux.go", "package x\n"),
        ];
        check(&files, None, None);
    }
}
