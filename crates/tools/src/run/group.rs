//! No child outlives us: a watching shell kills its whole process group.

use std::io;
#[cfg(unix)]
use std::process::Child;
use std::process::Command;

#[cfg(unix)]
pub(super) use unix::ProcessGroup;

/// Nothing: process groups exist on Unix only.
#[cfg(not(unix))]
pub(super) struct ProcessGroup;

#[cfg(not(unix))]
impl ProcessGroup {
    pub(super) fn start() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) fn adopt(&self, _: &mut Command) {}
}

#[cfg(unix)]
mod unix {
    use super::{Child, Command, io};
    use std::os::unix::process::CommandExt as _;
    use std::process::Stdio;

    /// Waits for the end of its input, whose other end we hold, and kills its process group,
    /// including itself. It leads that group, so that Ctrl-C does not end it before us.
    const WATCH: &str = "while read -r _; do :; done; kill -9 -$$";

    /// The watching shell; when dropped, the group is killed, and we wait until that is done.
    pub(in crate::run) struct ProcessGroup(Child);

    impl ProcessGroup {
        /// Starts the watching shell. It must run before the command: a command that started first
        /// would outlive us if we were killed in between.
        pub(in crate::run) fn start() -> io::Result<Self> {
            Command::new("/bin/sh")
                .args(["-c", WATCH])
                .env_clear()
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn()
                .map(Self)
        }

        /// Makes the command start in the watched group.
        pub(in crate::run) fn adopt(&self, command: &mut Command) {
            if let Ok(group) = i32::try_from(self.0.id()) {
                command.process_group(group);
            }
        }
    }

    impl Drop for ProcessGroup {
        fn drop(&mut self) {
            drop(self.0.stdin.take());
            self.0.wait().ok();
        }
    }
}
