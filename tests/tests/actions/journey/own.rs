//! This very project as a repository whose workflows run.

use std::fs;

use forge::Setup;
use product_tests::judges::Verdict;
use product_tests::repository;

use super::downstream::Downstream;

/// A repository with every file of this one, of whose workflows only `workflow` runs.
pub fn copy(workflow: &str) -> Option<Downstream> {
    let mut down = Downstream::new(Setup::default())?;
    down.only(workflow);
    for path in &files() {
        let (from, to) = (repository::root().join(path), down.repository().join(path));
        // What git still lists may be gone.
        if from.is_file() {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
    }
    // A runner builds where its job is; here what was built before helps.
    let target = std::env::current_exe().unwrap();
    let target = target.ancestors().nth(3).unwrap().display().to_string();
    down.set("CARGO_TARGET_DIR", &target);
    Some(down)
}

/// Changes a text of that repository.
pub fn change(down: &Downstream, path: &str, change: impl FnOnce(String) -> String) {
    let file = down.repository().join(path);
    let text = change(fs::read_to_string(&file).unwrap());
    fs::write(file, text).unwrap();
}

/// The files of this project, as git knows them.
pub fn files() -> Vec<String> {
    let mut git = std::process::Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = Verdict::of(git.current_dir(repository::root())).accepted().stdout;
    listed.lines().map(str::to_owned).collect()
}
