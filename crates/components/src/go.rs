//! Go's build information (`runtime/debug.BuildInfo`): the modules that were linked in.

use model::Diagnostic;

use crate::codes;
use crate::limits::{MAX_COMPONENTS, at_most};
use crate::{Component, Contents, Link, Supplier, purl};

/// What a Go executable says about how it was built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoBuild {
    /// The toolchain: `go1.27.3`.
    pub toolchain: String,
    /// Path of the main module.
    pub module: String,
    /// The version of what was built, with a `v` in front; empty where it is not known. It is that
    /// of modules which were built from the same sources and say none of their own.
    pub version: String,
    /// The modules it was linked from, the main one not among them.
    pub dependencies: Vec<GoModule>,
}

/// One module that was linked in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoModule {
    /// Its path.
    pub path: String,
    /// Its version: `v1.2.3`.
    pub version: String,
    /// `h1:…`; empty when it says none.
    pub sum: String,
    /// Path and version of the module that it stands in for (`=>`).
    pub replaces: Option<(String, String)>,
}

/// What is inside of a Go executable. Go does not say which module needs which, so the
/// executable depends on each; the standard library is one of them.
///
/// # Errors
/// `sbom-go` for too many modules.
pub fn go(build: &GoBuild) -> Result<Contents, Diagnostic> {
    at_most(MAX_COMPONENTS, build.dependencies.len(), &codes::SBOM_GO, "modules")?;
    let mut contents = Contents::default();
    for module in &build.dependencies {
        add(&mut contents, module, &build.version);
    }
    let toolchain = build.toolchain.split_whitespace().next().unwrap_or_default();
    if let Some(version) = toolchain.strip_prefix("go").filter(|version| !version.is_empty()) {
        let purl = purl::golang("stdlib", version);
        let standard = Component {
            name: "stdlib".to_owned(),
            version: version.to_owned(),
            supplier: Supplier::named("The Go Project"),
            license: "BSD-3-Clause".to_owned(),
            comment: "the Go standard library".to_owned(),
            ..Component::default()
        };
        contents.add(&purl, standard);
        contents.join(None, Link::DependsOn, &purl);
    }
    if !build.module.is_empty() {
        let module = format!("built from the Go module {} {}", build.module, build.version);
        contents.notes.insert(module.trim_end().to_owned());
    }
    Ok(contents)
}

/// What Go calls the version of a module that it took from a folder of the sources.
const UNVERSIONED: &str = "(devel)";

fn add(contents: &mut Contents, module: &GoModule, own: &str) {
    // A folder of the sources has no name and no version that anybody else would know it by.
    let is_unversioned = module.version.is_empty() || module.version == UNVERSIONED;
    let is_folder = module.path.starts_with(['.', '/']) || is_unversioned;
    let own = own.to_owned();
    let (path, version, comment) = match &module.replaces {
        Some((path, version)) if is_folder => {
            (path, version, "replaced by a folder of the sources".to_owned())
        }
        Some((path, version)) => {
            (&module.path, &module.version, format!("stands in for {path} {version}"))
        }
        None if is_unversioned => {
            (&module.path, &own, "built from a folder of the sources".to_owned())
        }
        None => (&module.path, &module.version, String::new()),
    };
    let purl = purl::golang(path, version);
    let component = Component {
        name: path.clone(),
        version: version.clone(),
        supplier: if is_folder { Supplier::Publisher } else { Supplier::of_place(path) },
        go_sum: module.sum.clone(),
        comment: comment.trim_end().to_owned(),
        ..Component::default()
    };
    contents.add(&purl, component);
    contents.join(None, Link::DependsOn, &purl);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, version: &str, replaces: Option<(&str, &str)>, expected: &str) {
        let module = GoModule {
            path: path.to_owned(),
            version: version.to_owned(),
            sum: "h1:x=".to_owned(),
            replaces: replaces.map(|(path, version)| (path.to_owned(), version.to_owned())),
        };
        let contents = go(&GoBuild { dependencies: vec![module], ..GoBuild::default() }).unwrap();
        let (purl, component) = contents.components.iter().next().unwrap();
        let supplier = match &component.supplier {
            Supplier::Organization(name) => name.as_str(),
            _ => "the publisher",
        };
        let found = format!("{purl} by {supplier} {}", component.comment);
        assert_eq!(found.trim_end(), expected);
        assert_eq!(component.go_sum, "h1:x=");
    }

    #[test]
    fn a_module_is_known_by_its_path_and_comes_from_whoever_owns_it() {
        let expected = "pkg:golang/github.com/a/b@v1.0.0 by github.com/A";
        check("github.com/A/b", "v1.0.0", None, expected);
        let expected = "pkg:golang/golang.org/x/sys@v1.0.0 by golang.org stands in for a.io/b v2";
        check("golang.org/x/sys", "v1.0.0", Some(("a.io/b", "v2")), expected);
        let expected = "pkg:golang/example.com/a@v0.1.0 by the publisher \
                        replaced by a folder of the sources";
        check("../local", "", Some(("example.com/a", "v0.1.0")), expected);
        check("example.com/a", "", Some(("example.com/a", "v0.1.0")), expected);
    }

    #[test]
    fn modules_of_the_same_sources_carry_the_releases_version() {
        let check = |module: GoModule, version: &str, expected: &str| {
            let version = version.to_owned();
            let build = GoBuild { dependencies: vec![module], version, ..GoBuild::default() };
            let contents = go(&build).unwrap();
            let (purl, component) = contents.components.iter().next().unwrap();
            assert_eq!(purl, expected);
            assert_eq!(component.supplier, Supplier::Publisher);
        };
        let module = |version: &str| GoModule {
            path: "example.com/a".to_owned(),
            version: version.to_owned(),
            ..GoModule::default()
        };
        check(module("(devel)"), "v1.2.3", "pkg:golang/example.com/a@v1.2.3");
        check(module(""), "v1.2.3", "pkg:golang/example.com/a@v1.2.3");
        let nameless = go(&GoBuild { dependencies: vec![module("(devel)")], ..GoBuild::default() });
        assert!(!nameless.unwrap().components.keys().any(|purl| purl.contains("devel")));
        let build = |version: &str| GoBuild {
            module: "example.com/a".to_owned(),
            version: version.to_owned(),
            ..GoBuild::default()
        };
        let note = |version: &str| go(&build(version)).unwrap().notes.pop_first().unwrap();
        assert_eq!(note("v1.2.3"), "built from the Go module example.com/a v1.2.3");
        assert_eq!(note(""), "built from the Go module example.com/a");
    }

    #[test]
    fn the_standard_library_is_a_component() {
        let build = GoBuild { toolchain: "go1.27.3 X:nocoverage".to_owned(), ..GoBuild::default() };
        let contents = go(&build).unwrap();
        assert!(contents.components.contains_key("pkg:golang/stdlib@1.27.3"));
        assert!(go(&GoBuild::default()).unwrap().components.is_empty());
    }
}
