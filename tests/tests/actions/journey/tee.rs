//! Programs that keep a copy of what they print. act can lose the end of what a failing step
//! printed: it closes the terminal without reading it out.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Writes a program that runs `real`, and keeps a copy of what that prints in the file `printed`.
pub fn write(file: &Path, real: &Path, printed: &Path) {
    let (real, printed) = (real.display(), printed.display());
    let text = format!(
        "#!/bin/bash\n'{real}' \"$@\" 2>&1 | tee -a '{printed}'\nexit \"${{PIPESTATUS[0]}}\"\n"
    );
    fs::write(file, text).unwrap();
    fs::set_permissions(file, Permissions::from_mode(0o755)).unwrap();
}
