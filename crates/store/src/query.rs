//! A statement with its values, and the rows that it answers with: the same for both engines.
//!
//! The drivers share every line of SQL but no type. Here is the one place where that shows; tables
//! see a [`Query`], and rows that they take apart column by column.

use rusqlite::types::{FromSql, ToSql, ToSqlOutput, ValueRef};
use sqlx::{Decode, Postgres, Row as _, Type, postgres::PgRow};

use crate::failure::Failure;

/// A statement and what its placeholders stand for.
#[derive(Clone, Debug)]
pub(crate) struct Query<'a> {
    pub(crate) text: &'static str,
    /// `$1` stands for the first.
    pub(crate) values: Vec<Value<'a>>,
}

/// A value for a placeholder. Text columns hold JSON as well, number columns times.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Text(Option<&'a str>),
    Number(Option<i64>),
    Flag(bool),
    Octets(&'a [u8]),
}

/// Begins a statement whose values follow with [`Query::bind`].
pub(crate) fn query<'a>(text: &'static str) -> Query<'a> {
    Query { text, values: Vec::new() }
}

impl<'a> Query<'a> {
    /// Says what the next placeholder stands for.
    pub(crate) fn bind(mut self, value: impl Into<Value<'a>>) -> Self {
        self.values.push(value.into());
        self
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(octets: &'a [u8]) -> Self {
        Self::Octets(octets)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match *self {
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Number(Some(number)) => ValueRef::Integer(number),
            Self::Text(None) | Self::Number(None) => ValueRef::Null,
            Self::Flag(flag) => ValueRef::Integer(flag.into()),
            Self::Octets(octets) => ValueRef::Blob(octets),
        }))
    }
}

/// A row taken apart from the left to the right.
pub(crate) struct Columns<'r> {
    row: Either<'r>,
    next: usize,
}

enum Either<'r> {
    Lite(&'r rusqlite::Row<'r>),
    Pg(&'r PgRow),
}

/// What a column may hold, on both engines: text, numbers, flags, octets, and each of them or
/// nothing.
pub(crate) trait Column: FromSql + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

impl<T: FromSql + for<'r> Decode<'r, Postgres> + Type<Postgres>> Column for T {}

/// What can be made of a row.
pub(crate) trait FromRow: Sized + Send {
    /// Takes as many columns as the statement names, in its order.
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Failure>;
}

impl<'r> Columns<'r> {
    pub(crate) const fn of_sqlite(row: &'r rusqlite::Row<'r>) -> Self {
        Self { row: Either::Lite(row), next: 0 }
    }

    pub(crate) const fn of_postgres(row: &'r PgRow) -> Self {
        Self { row: Either::Pg(row), next: 0 }
    }

    /// The next column.
    pub(crate) fn next<T: Column>(&mut self) -> Result<T, Failure> {
        let column = self.next;
        self.next += 1;
        Ok(match self.row {
            Either::Lite(row) => row.get(column)?,
            Either::Pg(row) => row.try_get(column)?,
        })
    }
}

macro_rules! rows_of_columns {
    ($(($($column:ident),+))*) => {$(
        impl<$($column: Column + Send),+> FromRow for ($($column,)+) {
            fn from_row(columns: &mut Columns<'_>) -> Result<Self, Failure> {
                Ok(($(columns.next::<$column>()?,)+))
            }
        }
    )*};
}
rows_of_columns! { (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) }
