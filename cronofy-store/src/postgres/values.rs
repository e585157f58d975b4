//! Values of statements, each sent with its type, so that the server need not be asked first.

use tokio_postgres::types::{ToSql, Type};

pub(super) type Values<'a> = [(&'a (dyn ToSql + Sync), Type)];

pub(super) trait Typed: ToSql + Sync {
    const TYPE: Type;
}

impl Typed for &str {
    const TYPE: Type = Type::TEXT;
}

impl Typed for &[u8] {
    const TYPE: Type = Type::BYTEA;
}

impl Typed for i64 {
    const TYPE: Type = Type::INT8;
}

impl Typed for bool {
    const TYPE: Type = Type::BOOL;
}

impl Typed for Vec<i64> {
    const TYPE: Type = Type::INT8_ARRAY;
}

impl Typed for Vec<Option<i64>> {
    const TYPE: Type = Type::INT8_ARRAY;
}

impl Typed for Vec<&str> {
    const TYPE: Type = Type::TEXT_ARRAY;
}

impl Typed for Vec<&[u8]> {
    const TYPE: Type = Type::BYTEA_ARRAY;
}

impl<T: Typed> Typed for Option<T> {
    const TYPE: Type = T::TYPE;
}

pub(super) fn typed<T: Typed>(value: &T) -> (&(dyn ToSql + Sync), Type) {
    (value, T::TYPE)
}

/// The values of a statement, in the order of their numbers.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::postgres::values::typed(&$value)),*]
    };
}
pub(super) use values;
