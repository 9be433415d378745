//! No child outlives us: a watching shell kills its whole process group.

use std::io;
use std::process::{Child, Command};

#[cfg(unix)]
pub(super) use unix::{GroupGuard, lead_group};

/// Makes the command's future process the first of a group of its own.
#[cfg(not(unix))]
pub(super) fn lead_group(_: &mut Command) {}

/// Nothing: a process group is a thing of Unix.
#[cfg(not(unix))]
pub(super) struct GroupGuard;

#[cfg(not(unix))]
impl GroupGuard {
    pub(super) fn of(_: &Child) -> io::Result<Self> {
        Ok(Self)
    }
}

#[cfg(unix)]
mod unix {
    use super::{Child, Command, io};
    use std::os::unix::process::CommandExt as _;
    use std::process::Stdio;

    /// Waits for the end of its input, which we hold; the group's number is `$1`. It reads nothing
    /// else, and leads a group of its own, so that a Ctrl-C for us does not end it first.
    const WATCH: &str = "while read -r _; do :; done; kill -9 \"-$1\" 2>/dev/null";

    /// Makes the command's future process the first of a group of its own.
    pub(in crate::run) fn lead_group(command: &mut Command) {
        command.process_group(0);
    }

    /// Holds the watching shell; dropped, it has the group killed and waits until that is done.
    pub(in crate::run) struct GroupGuard(Child);

    impl GroupGuard {
        pub(in crate::run) fn of(child: &Child) -> io::Result<Self> {
            Command::new("/bin/sh")
                .args(["-c", WATCH, "sh", &child.id().to_string()])
                .env_clear()
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn()
                .map(Self)
        }
    }

    impl Drop for GroupGuard {
        fn drop(&mut self) {
            drop(self.0.stdin.take());
            self.0.wait().ok();
        }
    }
}
