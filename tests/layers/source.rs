//! What the files of a crate import from each other.

use std::{fmt, fs, path::Path};
use syn::{
    Attribute, Item, ItemMod, ItemUse, UseTree,
    visit::{self, Visit},
};

/// That a file of one module names something of another one.
#[derive(Debug)]
pub(crate) struct Import {
    file: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -> {}", self.file, self.from, self.to)
    }
}

/// All imports of a crate but those of its tests and of its root, which exports.
pub(crate) fn of_crate(root: &Path) -> Vec<Import> {
    let mut imports = Vec::new();
    each_file(root, &mut |path| {
        let file = path.strip_prefix(root).unwrap().to_str().unwrap();
        if file != "lib.rs" && !is_test(file) {
            imports.extend(self::imports(file, &fs::read_to_string(path).unwrap()));
        }
    });
    imports
}

fn each_file(folder: &Path, visit: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path);
        }
    }
}

/// Tests may look at everything.
fn is_test(file: &str) -> bool {
    file.split(['/', '.'])
        .any(|part| part == "tests" || part == "model")
}

/// The imports of one file, whose path tells its module.
pub(crate) fn imports(file: &str, source: &str) -> Vec<Import> {
    let from = file.split(['/', '.']).next().unwrap();
    let mut named = Named::default();
    named.visit_file(&syn::parse_file(source).unwrap());
    named.0.retain(|to| to != from);
    named.0.sort();
    named.0.dedup();
    let import = |to| Import {
        file: file.to_owned(),
        from: from.to_owned(),
        to,
    };
    named.0.into_iter().map(import).collect()
}

/// What stands behind `crate::`.
#[derive(Default)]
struct Named(Vec<String>);

impl Named {
    fn name_tree(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.0.push(path.ident.to_string()),
            UseTree::Name(name) => self.0.push(name.ident.to_string()),
            UseTree::Rename(rename) => self.0.push(rename.ident.to_string()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.name_tree(tree)),
            UseTree::Glob(_) => self.0.push("*".into()),
        }
    }
}

impl<'ast> Visit<'ast> for Named {
    fn visit_item(&mut self, item: &'ast Item) {
        let is_test =
            matches!(item, Item::Mod(ItemMod { attrs, .. }) if attrs.iter().any(is_cfg_test));
        if !is_test {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if let UseTree::Path(path) = &item.tree
            && path.ident == "crate"
        {
            self.name_tree(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter();
        if segments.next().is_some_and(|first| first.ident == "crate")
            && let Some(module) = segments.next()
        {
            self.0.push(module.ident.to_string());
        }
        visit::visit_path(self, path);
    }
}

fn is_cfg_test(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Path>()
            .is_ok_and(|condition| condition.is_ident("test"))
}
