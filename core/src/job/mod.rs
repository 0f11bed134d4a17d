//! What a command does, from files to a book: for the program, for Python and for tests alike.

mod history;
mod intake;
mod month;
mod pack_files;
mod policy;
mod record;
mod scheme;
mod year;

pub use history::YearRecord;
pub use intake::{ClaimFiles, Intake};
pub use month::{MONTH, MonthJob, SettledMonth, Step, settle_month};
pub use pack_files::PackFiles;
pub use policy::Packs;
pub use record::stays_of;
pub use scheme::Scheme;
pub use year::{YEAR, settle_year};
