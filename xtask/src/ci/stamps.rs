//! What passed already on these very files, so that a full run goes on where the last one was cut
//! off.

use std::fs;
use std::path::PathBuf;

use crate::step::Step;
use crate::{Failure, workspace};

/// The stamps of one state of some files: one small file a step.
pub struct Stamps {
    folder: PathBuf,
    state: String,
}

impl Stamps {
    /// Those of the tree as it is now; any change of a file that git would commit starts afresh.
    pub fn of_the_tree() -> Result<Self, Failure> {
        Self::of(workspace::tree_id()?)
    }

    /// Those of the files that `state` is a digest of.
    pub fn of(state: String) -> Result<Self, Failure> {
        let folder = workspace::own_folder()?.join("stamps");
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, state })
    }

    /// How many tests the step passed on these files; `None` if it did not.
    pub fn passed(&self, step: &Step) -> Option<usize> {
        let text = fs::read_to_string(self.file(step)).ok()?;
        text.strip_prefix(&self.content(step))?.trim().parse().ok()
    }

    /// Notes that the step passed with so many tests.
    pub fn note(&self, step: &Step, tests: usize) -> Result<(), Failure> {
        Ok(fs::write(self.file(step), format!("{}{tests}\n", self.content(step)))?)
    }

    fn content(&self, step: &Step) -> String {
        format!("{}\n{}\n", self.state, step.line())
    }

    fn file(&self, step: &Step) -> PathBuf {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        self.folder.join(step.name.chars().map(plain).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_for_its_step_and_its_files_only() {
        let folder = std::env::temp_dir().join(format!("xtask-stamps-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let stamps = |state: &str| Stamps { folder: folder.clone(), state: state.to_owned() };
        let step = Step::new("unit tests", "cargo test");
        stamps("a").note(&step, 7).unwrap();
        assert_eq!(stamps("a").passed(&step), Some(7));
        assert_eq!(stamps("b").passed(&step), None);
        assert_eq!(stamps("a").passed(&Step::new("unit tests", "cargo test --all")), None);
        assert_eq!(stamps("a").passed(&Step::new("other", "cargo test")), None);
        fs::remove_dir_all(&folder).unwrap();
    }
}
