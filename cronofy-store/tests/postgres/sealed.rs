//! What lies in the database: nothing that can be read without the key, and nothing that can be changed without notice.

use cronofy_store::StoreError;
use cronofy_store::seal::Seal;
use cronofy_store::store::{Ask, Store, Told, ask_blocking};

use crate::database::Schema;
use crate::list;
use crate::support::{ask, authorize, claim, complete, everything, grant, key, keys, mailboxes, redeem};

list![
    no_canary_is_in_any_table,
    what_was_in_plain_text_is_gone_once_it_is_sealed,
    whatever_column_is_changed_it_is_refused,
    a_cell_fits_into_no_other_row_and_no_earlier_state,
    a_missing_key_is_told_and_nothing_looks_absent,
    rekeying_goes_past_what_it_cannot_open_and_says_so,
];

/// How often a canary is in the files of all tables and indexes, in all tables of a schema as a dump has them.
fn canaries(schema: &Schema) -> usize {
    schema.database.run("CHECKPOINT");
    let files = format!(
        "SELECT encode(pg_read_binary_file(pg_relation_filepath(oid)), 'hex') FROM pg_class \
         WHERE relnamespace::regnamespace::text = '{}' AND relkind IN ('r', 'i') \
         UNION ALL SELECT encode(pg_read_binary_file(pg_relation_filepath(toast.oid)), 'hex') FROM pg_class AS toast \
         JOIN pg_class AS owner ON owner.reltoastrelid = toast.oid \
         WHERE owner.relnamespace::regnamespace::text = '{}'",
        schema.name, schema.name
    );
    let files: Vec<String> = schema.database.rows(&files).concat();
    assert!(files.len() > 10 && files.iter().any(|file| file.len() > 8192), "there is something to search");
    // As it is, or written as base64 begins it in three ways.
    let needles = ["canary", "Y2FuYXJ5", "NhbmFye", "jYW5hcn"]
        .map(|needle| needle.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")));
    let found =
        |file: &String| needles.iter().map(|needle| file.matches(needle.as_str()).count()).sum::<usize>();
    files.iter().map(found).sum()
}

fn no_canary_is_in_any_table() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    everything(&store);
    assert_eq!(canaries(&schema), 0);
}

fn what_was_in_plain_text_is_gone_once_it_is_sealed() {
    let schema = Schema::new();
    let store = schema.open(Seal::plaintext());
    everything(&store);
    assert!(canaries(&schema) > 5, "the search finds what is there");
    let strict = schema.open(keys(1, &[]));
    assert!(matches!(grant(&strict, "acc_1"), Err(StoreError::Unreadable { .. })), "nobody asked for it");
    let store = schema.open(Seal::new(keys(1, &[])).opening_plaintext());
    assert_eq!(store.rekey(|_| {}).unwrap().left, 0);
    for table in ["grants", "pending", "rollouts", "mailboxes"] {
        schema.database.run(&format!("VACUUM FULL {}.{table}", schema.name));
    }
    assert_eq!(canaries(&schema), 0);
    assert!(grant(&strict, "acc_1").unwrap().is_some());
    assert_eq!(mailboxes(&strict).unwrap().len(), 3);
}

type Read = fn(&dyn Store) -> Result<(), StoreError>;

fn whatever_column_is_changed_it_is_refused() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    everything(&store);
    let name = &schema.name;
    let grants: Read = |store| grant(store, "acc_2").map(drop);
    let waits: Read = |store| redeem(store, "three").map(drop);
    let lists: Read = |store| mailboxes(store).map(drop);
    let changes = [
        ("grants", "generation = generation + 1", grants),
        ("grants", "through = NULL", grants),
        ("grants", "through = 'ser_2'", grants),
        ("grants", "state = state || ' '", grants),
        ("grants", "tokens = ''", grants),
        ("grants", "tokens = '\\x006e756c6c'", grants),
        ("grants", "tokens = set_byte(tokens, 40, get_byte(tokens, 40) # 1)", grants),
        ("pending", "generation = generation + 1", waits),
        ("pending", "waiting = NOT waiting", waits),
        ("pending", "expires_at = expires_at + 1", waits),
        ("pending", "binding = NULL", waits),
        ("pending", "binding = '\\x00'", waits),
        ("pending", "row = set_byte(row, 40, get_byte(row, 40) # 1)", waits),
        ("mailboxes", "stage = 'queued'", lists),
        ("mailboxes", "due = 1", lists),
        ("mailboxes", "position = position + 5", lists),
        ("rollouts", "generation = generation + 1", lists),
    ];
    for (table, change, read) in changes {
        let before = format!("CREATE TABLE {name}.before AS TABLE {name}.{table}");
        schema.database.run(&format!("{before}; UPDATE {name}.{table} SET {change}"));
        let refused = read(&store);
        assert!(matches!(refused, Err(StoreError::Unreadable { .. })), "{table}: {change}: {refused:?}");
        schema.database.run(&format!(
            "DELETE FROM {name}.{table}; INSERT INTO {name}.{table} OVERRIDING SYSTEM VALUE TABLE {name}.before; \
             DROP TABLE {name}.before"
        ));
        read(&store).unwrap();
    }
}

fn a_cell_fits_into_no_other_row_and_no_earlier_state() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    let name = &schema.name;
    ask(&store, authorize("acc_1"));
    ask(&store, authorize("acc_2"));
    let keep = || {
        schema
            .database
            .run(&format!("DROP TABLE IF EXISTS {name}.was; CREATE TABLE {name}.was AS TABLE {name}.grants"));
    };
    let put = |subject: &str, from: &str| {
        schema.database.run(&format!(
            "UPDATE {name}.grants SET tokens = was.tokens FROM {name}.was \
             WHERE grants.subject = '{subject}' AND was.subject = '{from}'"
        ));
    };
    let refused = |subject: &str| matches!(grant(&store, subject), Err(StoreError::Unreadable { .. }));
    keep();
    put("acc_1", "acc_2");
    assert!(refused("acc_1"), "another's");
    put("acc_1", "acc_1");
    ask(&store, claim("acc_1", 1));
    put("acc_1", "acc_1");
    assert!(refused("acc_1"), "rolled back to another phase of the same generation");
    schema.database.run(&format!("DELETE FROM {name}.grants WHERE subject = 'acc_1'"));
    ask(&store, authorize("acc_1"));
    ask(&store, claim("acc_1", 1));
    keep();
    ask(&store, complete("acc_1", 1));
    put("acc_1", "acc_1");
    assert!(refused("acc_1"), "rolled back to older tokens");
    assert!(!refused("acc_2"));
}

fn a_missing_key_is_told_and_nothing_looks_absent() {
    let schema = Schema::new();
    everything(&schema.open(keys(1, &[])));
    for seal in [Seal::new(keys(2, &[3])), Seal::plaintext()] {
        let store = schema.open(seal);
        let error = grant(&store, "acc_1").unwrap_err();
        let text =
            format!("what is stored of a grant is sealed with key {}, which was not given", key(1).id());
        assert_eq!(error.to_string(), text);
        let error = ask_blocking(&store, Ask::Grants { after: None, limit: 10 }).unwrap_err();
        assert!(matches!(error, StoreError::MissingKey { .. }), "{error:?}");
        assert!(matches!(redeem(&store, "one"), Err(StoreError::MissingKey { .. })));
        assert!(matches!(ask_blocking(&store, claim("acc_1", 2)), Err(StoreError::MissingKey { .. })));
    }
    assert!(grant(&schema.open(keys(2, &[1])), "acc_1").unwrap().is_some(), "any of the keys opens");
}

fn rekeying_goes_past_what_it_cannot_open_and_says_so() {
    let schema = Schema::new();
    let store = schema.open(keys(1, &[]));
    for number in 0..150 {
        ask(&store, authorize(&format!("acc_{number}")));
    }
    let generation = |number| {
        let change =
            format!("UPDATE {}.grants SET generation = {number} WHERE subject = 'acc_7'", schema.name);
        schema.database.run(&change);
    };
    generation(9);
    let store = schema.open(keys(2, &[1]));
    let mut steps = Vec::new();
    let error = store.rekey(|progress| steps.push((progress.done, progress.left))).unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { .. }), "{error:?}");
    assert_eq!(steps, [(63, 87), (127, 23), (149, 1)]);
    generation(1);
    let done = store.rekey(|_| {}).unwrap();
    assert_eq!((done.done, done.left), (1, 0));
    let Told::Grants(all) = ask(&schema.open(keys(2, &[])), Ask::Grants { after: None, limit: 200 }) else {
        panic!()
    };
    assert_eq!(all.len(), 150, "without the old key");
}
