//! Files whose content git keeps elsewhere: those of submodules, and what Git LFS pointers name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use model::Found;

use super::super::Source;
use super::{Folder, commit, git, staged};

#[test]
fn a_submodule_belongs_to_the_tree_at_the_recorded_commit_and_not_otherwise() {
    let base = Folder::new("submodule");
    let (inner, tree) = (base.join("inner"), base.join("tree"));
    for folder in [&inner, &tree] {
        fs::create_dir(folder).unwrap();
        git(folder, &["init", "--quiet"]);
        fs::write(folder.join("file"), "1\n").unwrap();
        commit(folder);
    }
    git(&tree, &["submodule", "--quiet", "add", inner.to_str().unwrap(), "deep/data"]);
    commit(&tree);
    let (found, dirty) = staged(&tree, &base.join("staged"));
    assert_eq!((found.contains_key("deep/data/file"), dirty), (true, false));
    let source = Source::open(&tree).unwrap();
    let id = git(&inner, &["rev-parse", "HEAD"]).trim().to_owned();
    assert_eq!(source.facts().submodules, BTreeMap::from([("deep/data".to_owned(), id)]));
    let text = Found::Text("1\n".to_owned());
    assert_eq!(model::Tree::find(&source, "deep/data/file"), text);

    let withheld = |folder: &Path| -> Vec<String> {
        let source = Source::open(folder).unwrap();
        let all = source.withheld().unwrap().iter();
        all.map(|one| format!("{} {}", one.problem.code.name, one.problem.message)).collect()
    };
    assert_eq!(withheld(&tree), Vec::<String>::new());
    fs::write(tree.join("deep/data/file"), "2\n").unwrap();
    assert!(withheld(&tree)[0].contains("differs from its commit"), "{:?}", withheld(&tree));
    assert!(Source::open(&tree).unwrap().facts().dirty);
    commit(&tree.join("deep/data"));
    assert!(withheld(&tree)[0].contains("and the tree records"), "{:?}", withheld(&tree));
    for (pattern, expected) in [("deep/data", 0), ("deep/*", 0), ("deep", 1), ("data", 1)] {
        let config = format!("[release]\nsubmodules = {{ ignore = [\"{pattern}\"] }}\n");
        fs::write(tree.join("package-actions.toml"), config).unwrap();
        assert_eq!(withheld(&tree).len(), expected, "{pattern}");
        let source = Source::open(&tree).unwrap();
        assert!(source.paths().iter().all(|path| !path.starts_with("deep/")), "{pattern}");
        assert!(source.facts().submodules.is_empty(), "{pattern}");
    }
    fs::remove_file(tree.join("package-actions.toml")).unwrap();
    git(&base.0, &["clone", "--quiet", tree.to_str().unwrap(), "clone"]);
    let told = withheld(&base.join("clone"));
    assert_eq!(told, ["tree-submodule the submodule `deep/data` is not checked out"]);
    assert!(!Source::open(&base.join("clone")).unwrap().facts().dirty);
}

#[test]
fn a_submodule_of_a_submodule_is_told_of_the_whole_tree() {
    let base = Folder::new("nested-submodule");
    let folders = ["innermost", "inner", "tree"].map(|name| base.join(name));
    for folder in &folders {
        fs::create_dir(folder).unwrap();
        git(folder, &["init", "--quiet"]);
        fs::write(folder.join("file"), "1\n").unwrap();
        commit(folder);
    }
    let [innermost, inner, tree] = &folders;
    git(inner, &["submodule", "--quiet", "add", innermost.to_str().unwrap(), "deep"]);
    commit(inner);
    git(tree, &["submodule", "--quiet", "add", inner.to_str().unwrap(), "c/data"]);
    commit(tree);
    let source = Source::open(tree).unwrap();
    let [one] = source.withheld().unwrap() else { panic!("{:?}", source.withheld()) };
    assert_eq!(one.problem.location.as_ref().unwrap().file, "c/data/deep");
    assert_eq!(one.problem.message, "the submodule `c/data/deep` is not checked out");
    let help = one.problem.help.as_deref().unwrap();
    let command = help.split('`').nth(1).unwrap();
    git(tree, &command.split(' ').skip(1).collect::<Vec<_>>());
    assert!(Source::open(tree).unwrap().withheld().unwrap().is_empty(), "{command}");
}

#[test]
fn a_large_file_is_the_one_that_its_pointer_names_or_is_withheld() {
    let base = Folder::new("lfs");
    let tree = base.join("tree");
    fs::create_dir(&tree).unwrap();
    git(&tree, &["init", "--quiet"]);
    let content = b"the model\n";
    let digest = model::Digest::of(content).hex();
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {}\n",
        content.len()
    );
    fs::write(
        tree.join(".gitattributes"),
        "*.bin filter=lfs diff=lfs merge=lfs -text\n*.key filter=git-crypt\n\
         *.ipynb filter=nbstripout\n",
    )
    .unwrap();
    fs::write(tree.join("a.bin"), &pointer).unwrap();
    fs::write(tree.join("a.key"), "secret\n").unwrap();
    fs::write(tree.join("plain.ipynb"), "{\"cells\": []}\n").unwrap();
    commit(&tree);
    let withheld = || -> Vec<String> {
        let source = Source::open(&tree).unwrap();
        let all = source.withheld().unwrap().iter();
        all.map(|one| format!("{} {}", one.problem.code.name, one.path)).collect()
    };
    assert_eq!(withheld(), ["tree-lfs a.bin", "tree-filter a.key"]);
    let store = tree.join(".git/lfs/objects").join(&digest[..2]).join(&digest[2..4]);
    fs::create_dir_all(&store).unwrap();
    fs::write(store.join(&digest), "another\n!").unwrap();
    assert_eq!(withheld(), ["tree-lfs a.bin", "tree-filter a.key"], "the store holds another");
    fs::write(store.join(&digest), content).unwrap();
    assert_eq!(withheld(), ["tree-filter a.key"]);
    let (found, dirty) = staged(&tree, &base.join("staged"));
    assert_eq!((found["a.bin"].1.as_slice(), dirty), (&content[..], false));
}
