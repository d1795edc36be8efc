//! What is in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// A folder with all that is in it: permissions and bytes by path. A folder has no bytes.
pub type Tree = BTreeMap<PathBuf, (u32, Option<Vec<u8>>)>;

/// All that is in a folder.
pub fn tree(folder: &Path) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_path) = open.pop() {
        for entry in fs::read_dir(&folder_path).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode() & 0o7777;
            let bytes = if path.is_dir() { None } else { Some(fs::read(&path).unwrap()) };
            if bytes.is_none() {
                open.push(path.clone());
            }
            tree.insert(path.strip_prefix(folder).unwrap().to_owned(), (mode, bytes));
        }
    }
    tree
}

/// The files of one kind on a site: paths under it, and bytes.
pub fn files(site: &Path, letter: &str) -> Vec<(String, Vec<u8>)> {
    let files = tree(&site.join(letter)).into_iter().filter_map(|(path, (_, bytes))| Some((path, bytes?)));
    files.map(|(path, bytes)| (format!("{letter}/{}", path.display()), bytes)).collect()
}

/// The permissions of a file.
pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Names in a folder, sorted.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
