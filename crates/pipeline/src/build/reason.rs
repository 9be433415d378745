//! Why a unit was not built, in words that hold on every machine.

use std::path::{Path, PathBuf};

use model::Diagnostic;

/// The problem's words and help, with each of `folders` replaced by its name, and the home folder
/// and the folder for temporary files as well.
pub(super) fn of(problem: &Diagnostic, folders: &[(&Path, &str)]) -> String {
    let mut words = problem.message.clone();
    if let Some(help) = &problem.help {
        words.push('\n');
        words.push_str(help);
    }
    let mut named_folders: Vec<(PathBuf, &str)> =
        folders.iter().map(|(folder, name)| ((*folder).to_owned(), *name)).collect();
    named_folders.push((std::env::temp_dir(), "<tmp>"));
    named_folders.extend(std::env::home_dir().map(|home| (home, "<home>")));
    named(words, named_folders)
}

fn named(mut words: String, mut named_folders: Vec<(PathBuf, &str)>) -> String {
    // The innermost first: a cache may lie in the home folder.
    named_folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.as_os_str().len()));
    for (folder, name) in named_folders {
        let text = folder.display().to_string();
        let text = text.trim_end_matches(['/', '\\']);
        if !text.is_empty() {
            words = words.replace(text, name);
        }
    }
    without_random(&words, "<tmp>/")
}

/// `words` without the names below `folder` that programs draw by lot.
fn without_random(words: &str, folder: &str) -> String {
    let mut parts = words.split(folder);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_alphanumeric() || "._-".contains(c)));
        text.push_str(folder);
        text.push('*');
        text.push_str(part.get(end.unwrap_or(part.len())..).unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_folder_of_this_machine_is_left() {
        let check = |words: &str, expected: &str| {
            let folder = |path: &str| PathBuf::from(path);
            let named_folders = vec![
                (folder("/home/me"), "<home>"),
                (folder("/home/me/.cache/pa"), "<cache>"),
                (folder("/tmp"), "<tmp>"),
                (folder("/"), "<root>"),
            ];
            assert_eq!(named(words.to_owned(), named_folders), expected);
        };
        check("no words", "no words");
        check("in /home/me/.cache/pa/zig and /home/me/x", "in <cache>/zig and <home>/x");
        check("`/tmp/rustcAb3dE/x.o`: no, /tmp/.tmpQ", "`<tmp>/*/x.o`: no, <tmp>/*");
        check("a/b", "a/b");
    }
}
