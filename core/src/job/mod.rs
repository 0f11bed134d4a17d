//! What a command does, from files to a book: for the program, for Python and for tests alike.

mod appeal;
mod corrections;
mod history;
mod intake;
mod month;
mod open_packs;
mod pack_files;
mod parts;
mod policy;
mod recognition;
mod record;
mod rows;
mod scenario;
mod scheme;
mod standing;
mod weights;
mod year;
mod year_record;

pub use corrections::{FORM as CORRECTIONS_FORM, Order, read_orders};
pub use intake::{ClaimFiles, Intake};
pub use month::{MONTH, MonthJob, SettledMonth, Step, settle_month};
pub use open_packs::OpenPacks;
pub use pack_files::PackFiles;
pub use parts::Parts;
pub use policy::Packs;
pub use recognition::{CAP_PACK, RECOGNITION, RecognisedPeriod, RecognitionFiles, recognise_period, recognition_lines};
pub use record::stays_of;
pub use scenario::{Studied, StudyFile};
pub use scheme::Scheme;
pub use weights::{WeighedFiles, WeightsJob, weigh_files};
pub use year::{YEAR, settle_year};
