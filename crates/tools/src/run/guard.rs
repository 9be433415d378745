//! No child outlives us: a watching shell kills its whole process group.

use std::io;
#[cfg(unix)]
use std::process::Child;
use std::process::Command;

#[cfg(unix)]
pub(super) use unix::GroupGuard;

/// Nothing: a process group is a thing of Unix.
#[cfg(not(unix))]
pub(super) struct GroupGuard;

#[cfg(not(unix))]
impl GroupGuard {
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

    /// Waits for the end of its input, which we hold, and kills its own group, itself included. It
    /// leads that group, so that a Ctrl-C for us does not end it first.
    const WATCH: &str = "while read -r _; do :; done; kill -9 -$$";

    /// Holds the watching shell; dropped, it has the group killed and waits until that is done.
    pub(in crate::run) struct GroupGuard(Child);

    impl GroupGuard {
        /// Starts the watch. It must run before what it watches: a command that started first
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

        /// Makes the command's future process one of the watched group.
        pub(in crate::run) fn adopt(&self, command: &mut Command) {
            if let Ok(group) = i32::try_from(self.0.id()) {
                command.process_group(group);
            }
        }
    }

    impl Drop for GroupGuard {
        fn drop(&mut self) {
            drop(self.0.stdin.take());
            self.0.wait().ok();
        }
    }
}
