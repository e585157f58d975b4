//! Out of a file.

use std::env::temp_dir;
use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use cronofy_store::SqliteStore;
use cronofy_store::seal::{Key, Keys};
use cronofy_store::store::{Ask, Store, Told, ask_blocking};
use rusqlite::{Connection, OpenFlags};

use super::{authorize, id};
use crate::Runner;
use crate::inputs::NOW;

const GRANTS: u32 = 1000;

/// A folder that is gone with this.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = temp_dir().join(format!("cronofy-benches-{}-{number}", process::id()));
        fs::create_dir(&folder).expect("a new folder");
        Self(folder)
    }

    /// Where the database is.
    pub fn file(&self) -> PathBuf {
        self.0.join("tokens.sqlite")
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is in the folder for what may be.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A store in that file, sealed and empty.
pub fn open(folder: &Folder) -> SqliteStore {
    let keys = Keys::new(Key::from_bytes([7; 32]));
    SqliteStore::open(folder.file(), keys).expect("a new file").with_clock(|| NOW)
}

fn filled(folder: &Folder) -> SqliteStore {
    let store = open(folder);
    for number in 0..GRANTS {
        ask_blocking(&store, authorize(number, NOW)).expect("it is kept");
    }
    store
}

type Row = (Option<String>, i64, String, Vec<u8>);

/// The row, and nothing done with it: neither opened nor parsed.
pub(super) fn bare() -> Runner {
    let folder = Folder::new();
    let store = filled(&folder);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.file(), flags).expect("the file is there");
    let id = id(7);
    crate::each(move || {
        // They last as long as the connection.
        let (_folder, _store) = (&folder, &store);
        let query = "SELECT through, generation, state, tokens FROM grants \
                     WHERE client_id = ?1 AND data_center = ?2 AND subject = ?3";
        let mut statement = connection.prepare_cached(query).expect("the table is there");
        let names = (id.client_id.as_str(), id.data_center(), id.subject.as_str());
        let read = statement.query_row(names, |row| Row::try_from(row));
        read.expect("the row is there")
    })
}

pub(super) fn ours() -> Runner {
    let folder = Folder::new();
    let store: Box<dyn Store> = Box::new(filled(&folder));
    let id = id(7);
    crate::each(move || {
        let _folder = &folder;
        match ask_blocking(&*store, Ask::Grant(id.clone())) {
            Ok(Told::Grant(Some(grant))) => grant,
            other => panic!("no grant, but {other:?}"),
        }
    })
}
