//! Go's build information (`runtime/debug.BuildInfo`): the modules that were linked in.

use model::Problem;

use crate::limits::{MAX_COMPONENTS, at_most};
use crate::{Component, Contents, Link, Supplier, purl};

/// What a Go executable says about how it was built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoBuild {
    /// The toolchain: `go1.27.3`.
    pub toolchain: String,
    /// Path of the main module.
    pub module: String,
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
    /// Path of the module that it stands in for (`=>`); empty when for none.
    pub replaces: String,
}

/// What is inside of a Go executable. Go does not say which module needs which, so the
/// executable depends on each; the standard library is one of them.
///
/// # Errors
/// `sbom-go` for too many modules.
pub fn go(build: &GoBuild) -> Result<Contents, Problem> {
    at_most(MAX_COMPONENTS, build.dependencies.len(), "sbom-go", "modules")?;
    let mut contents = Contents::default();
    for module in &build.dependencies {
        add(&mut contents, module);
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
        contents.notes.insert(format!("built from the Go module {}", build.module));
    }
    Ok(contents)
}

fn add(contents: &mut Contents, module: &GoModule) {
    // A folder of the tree has no name that anybody else would know it by.
    let local = module.path.starts_with(['.', '/']);
    let path = match module.replaces.as_str() {
        replaced if local && !replaced.is_empty() => replaced,
        _ => &module.path,
    };
    let comment = match module.replaces.as_str() {
        "" => String::new(),
        _ if local => "replaced by a folder of the sources".to_owned(),
        replaced => format!("stands in for {replaced}"),
    };
    let purl = purl::golang(path, &module.version);
    let component = Component {
        name: path.to_owned(),
        version: module.version.clone(),
        supplier: if local { Supplier::Publisher } else { Supplier::of_place(path) },
        go_sum: module.sum.clone(),
        comment,
        ..Component::default()
    };
    contents.add(&purl, component);
    contents.join(None, Link::DependsOn, &purl);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, replaces: &str, expected: &str) {
        let module = GoModule {
            path: path.to_owned(),
            version: "v1.0.0".to_owned(),
            sum: "h1:x=".to_owned(),
            replaces: replaces.to_owned(),
        };
        let contents = go(&GoBuild { dependencies: vec![module], ..GoBuild::default() }).unwrap();
        let (purl, component) = contents.components.iter().next().unwrap();
        let found = format!("{purl} {:?} {}", component.supplier, component.comment);
        assert_eq!(found.trim_end(), expected);
        assert_eq!(component.go_sum, "h1:x=");
    }

    #[test]
    fn a_module_is_known_by_its_path_and_comes_from_whoever_owns_it() {
        let organization = |name: &str| format!("Organization(\"{name}\")");
        let own = organization("github.com/A");
        check("github.com/A/b", "", &format!("pkg:golang/github.com/a/b@v1.0.0 {own}"));
        let go_x = organization("golang.org");
        check(
            "golang.org/x/sys",
            "github.com/o/sys",
            &format!("pkg:golang/golang.org/x/sys@v1.0.0 {go_x} stands in for github.com/o/sys"),
        );
        check(
            "../local",
            "example.com/a",
            "pkg:golang/example.com/a@v1.0.0 Publisher replaced by a folder of the sources",
        );
    }

    #[test]
    fn the_standard_library_is_a_component() {
        let build = GoBuild { toolchain: "go1.27.3 X:nocoverage".to_owned(), ..GoBuild::default() };
        let contents = go(&build).unwrap();
        assert!(contents.components.contains_key("pkg:golang/stdlib@1.27.3"));
        assert!(go(&GoBuild::default()).unwrap().components.is_empty());
    }
}
