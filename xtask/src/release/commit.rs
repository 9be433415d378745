//! A release tree as a commit: a child of the last release's, on a branch that holds nothing else.
//!
//! It writes to the repository's objects and references; it pushes nothing.

use std::path::Path;
use std::process::Command;

use crate::{Failure, workspace};

/// The branch of releases.
const BRANCH: &str = "refs/heads/releases/v1";

/// `release-commit TREE BUNDLE`: the commit, its branch, the tags `vX.Y.Z` and `v1`, and all of it
/// in one file that another job can fetch from.
pub fn run(tree: &Path, bundle: &Path) -> Result<(), Failure> {
    let version = super::version()?;
    let commit = commit(&workspace::root(), tree, &version)?;
    let tags = [format!("refs/tags/v{version}"), format!("refs/tags/{}", super::TAG)];
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        workspace::output_of(git.arg("-C").arg(workspace::root()).args(words))
    };
    git(&["update-ref", BRANCH, &commit])?;
    for tag in &tags {
        git(&["update-ref", tag, &commit])?;
    }
    let file = std::path::absolute(bundle)?.display().to_string();
    git(&["bundle", "create", "--quiet", &file, BRANCH, &tags[0], &tags[1]])?;
    println!("{commit}");
    Ok(())
}

/// Writes the files of `tree` as a commit of `repository`, dated like HEAD so that the same tree
/// gives the same commit.
fn commit(repository: &Path, tree: &Path, version: &str) -> Result<String, Failure> {
    let index = std::path::absolute(tree)?.with_extension("index");
    let git = |words: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(repository).arg("--work-tree").arg(std::path::absolute(tree)?);
        workspace::output_of(git.args(words).env("GIT_INDEX_FILE", &index))
    };
    let _ = std::fs::remove_file(&index);
    git(&["add", "--all", "--force", "."])?;
    let files = git(&["write-tree"])?;
    std::fs::remove_file(&index)?;
    let head = git(&["rev-parse", "HEAD"])?;
    let date = git(&["show", "--no-patch", "--format=%ct", "HEAD"])?;
    let last = ["refs/remotes/origin/releases/v1", BRANCH];
    let parent = last.iter().find_map(|name| git(&["rev-parse", "--verify", "--quiet", name]).ok());
    let message = format!("Release {version}\n\nActions and binaries of {head}");
    let mut words = vec!["commit-tree", &files, "-m", &message];
    if let Some(parent) = &parent {
        words.extend(["-p", parent.as_str()]);
    }
    let mut git = Command::new("git");
    git.arg("-C").arg(repository).args(words);
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "package-actions");
        git.env(format!("GIT_{role}_EMAIL"), "package-actions@users.noreply.github.com");
        git.env(format!("GIT_{role}_DATE"), format!("{date} +0000"));
    }
    workspace::output_of(&mut git)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_a_child_of_the_last_one_and_holds_the_tree_alone() {
        let place = std::env::temp_dir().join(format!("xtask-commit-{}", std::process::id()));
        let (repository, tree) = (place.join("repository"), place.join("tree"));
        std::fs::create_dir_all(tree.join("oci")).unwrap();
        std::fs::create_dir_all(&repository).unwrap();
        std::fs::write(repository.join("source.rs"), "x").unwrap();
        std::fs::write(tree.join("oci/action.yml"), "y").unwrap();
        let git = |words: &[&str]| {
            let mut git = Command::new("git");
            git.arg("-C").arg(&repository).args(["-c", "user.name=a", "-c", "user.email=a@b"]);
            workspace::output_of(git.args(words)).unwrap()
        };
        git(&["init", "--quiet"]);
        git(&["add", "."]);
        git(&["commit", "--quiet", "-m", "Source"]);
        let first = commit(&repository, &tree, "1.0.0").unwrap();
        assert_eq!(commit(&repository, &tree, "1.0.0").unwrap(), first);
        assert_eq!(git(&["ls-tree", "-r", "--name-only", &first]), "oci/action.yml");
        assert_eq!(git(&["rev-list", "--count", &first]), "1");
        git(&["update-ref", BRANCH, &first]);
        std::fs::write(tree.join("LICENSE"), "z").unwrap();
        let second = commit(&repository, &tree, "1.0.1").unwrap();
        assert_eq!(git(&["rev-parse", &format!("{second}^")]), first);
        assert_eq!(git(&["status", "--porcelain"]), "");
        std::fs::remove_dir_all(&place).unwrap();
    }
}
