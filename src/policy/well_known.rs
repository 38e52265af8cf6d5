//! Names that well-known programs give to secrets which a new value alone would harm.
//!
//! A kind says what a value is made of; whether replacing it does harm depends on the program that reads it. The
//! official images of databases read a password on the first start only, and many applications encrypt their data
//! with a variable that is plain random hex.

use crate::policy::kinds::Hazard;

/// Why a secret of a well-known name is not simply replaced, and what to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WellKnown {
    /// The program that reads it.
    pub program: &'static str,
    /// What a new value alone would do.
    pub hazard: Hazard,
    /// How it is replaced without harm, as one line.
    pub procedure: &'static str,
}

impl WellKnown {
    /// Looks a name up; upper and lower case count the same.
    pub fn find(name: &str) -> Option<&'static Self> {
        let is_it = |known: &&str| known.eq_ignore_ascii_case(name);
        let found = TABLE.iter().find(|(names, _)| names.iter().any(is_it));
        found.map(|(_, known)| known)
    }
}

const fn write_once(program: &'static str, procedure: &'static str) -> WellKnown {
    WellKnown {
        program,
        hazard: Hazard::WriteOnce,
        procedure,
    }
}

const fn data_at_rest(program: &'static str, procedure: &'static str) -> WellKnown {
    WellKnown {
        program,
        hazard: Hazard::DataAtRest,
        procedure,
    }
}

/// Names and what is known of them, by program.
const TABLE: &[(&[&str], WellKnown)] = &[
    (
        &[
            "POSTGRES_PASSWORD",
            "POSTGRESQL_PASSWORD",
            "POSTGRESQL_POSTGRES_PASSWORD",
        ],
        write_once(
            "PostgreSQL image",
            "ALTER ROLE … PASSWORD in the running server first, with the verifier that `mintage generate postgres-password --explain` shows",
        ),
    ),
    (
        &[
            "MYSQL_ROOT_PASSWORD",
            "MYSQL_PASSWORD",
            "MARIADB_ROOT_PASSWORD",
            "MARIADB_PASSWORD",
        ],
        write_once(
            "MySQL or MariaDB image",
            "ALTER USER … IDENTIFIED BY in the running server first",
        ),
    ),
    (
        &[
            "MONGO_INITDB_ROOT_PASSWORD",
            "MONGODB_ROOT_PASSWORD",
            "MONGODB_PASSWORD",
        ],
        write_once(
            "MongoDB image",
            "db.changeUserPassword() in the running server first",
        ),
    ),
    (
        &[
            "INFLUXDB_ADMIN_PASSWORD",
            "DOCKER_INFLUXDB_INIT_PASSWORD",
            "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN",
        ],
        write_once(
            "InfluxDB image",
            "`influx user password` or `influx auth create` in the running server first",
        ),
    ),
    (
        &["NEO4J_AUTH", "NEO4J_PASSWORD"],
        write_once(
            "Neo4j image",
            "ALTER CURRENT USER SET PASSWORD in the running server first",
        ),
    ),
    (
        &["RABBITMQ_DEFAULT_PASS", "RABBITMQ_PASSWORD"],
        write_once(
            "RabbitMQ image",
            "`rabbitmqctl change_password` in the running server first",
        ),
    ),
    (
        &[
            "ELASTIC_PASSWORD",
            "KIBANA_SYSTEM_PASSWORD",
            "OPENSEARCH_INITIAL_ADMIN_PASSWORD",
        ],
        write_once(
            "Elasticsearch or OpenSearch image",
            "change the user through the security API first",
        ),
    ),
    (
        &["MSSQL_SA_PASSWORD", "SA_PASSWORD"],
        write_once(
            "SQL Server image",
            "ALTER LOGIN sa WITH PASSWORD in the running server first",
        ),
    ),
    (
        &[
            "ORACLE_PWD",
            "ORACLE_PASSWORD",
            "CLICKHOUSE_PASSWORD",
            "COUCHDB_PASSWORD",
            "ARANGO_ROOT_PASSWORD",
        ],
        write_once(
            "database image",
            "change the password in the running server first",
        ),
    ),
    (
        &["GF_SECURITY_ADMIN_PASSWORD", "GRAFANA_ADMIN_PASSWORD"],
        write_once("Grafana", "`grafana cli admin reset-admin-password` first"),
    ),
    (
        &["KEYCLOAK_ADMIN_PASSWORD", "KC_BOOTSTRAP_ADMIN_PASSWORD"],
        write_once(
            "Keycloak",
            "change the user in the admin console, or with kcadm.sh, first",
        ),
    ),
    (
        &["NEXTCLOUD_ADMIN_PASSWORD", "OWNCLOUD_ADMIN_PASSWORD"],
        write_once("Nextcloud or ownCloud image", "`occ user:resetpassword` first"),
    ),
    (
        &[
            "PGADMIN_DEFAULT_PASSWORD",
            "SONARQUBE_PASSWORD",
            "GITLAB_ROOT_PASSWORD",
            "AIRFLOW_PASSWORD",
        ],
        write_once(
            "the first administrator",
            "change the password in the program itself first",
        ),
    ),
    (
        &[
            "DISCOURSE_PASSWORD",
            "DRUPAL_PASSWORD",
            "GHOST_PASSWORD",
            "JOOMLA_PASSWORD",
            "MATOMO_PASSWORD",
            "MEDIAWIKI_PASSWORD",
            "MOODLE_PASSWORD",
            "ODOO_PASSWORD",
            "PRESTASHOP_PASSWORD",
            "REDMINE_PASSWORD",
            "WORDPRESS_PASSWORD",
        ],
        write_once(
            "image of a web application",
            "change the user in the application first",
        ),
    ),
    (
        &["LDAP_ADMIN_PASSWORD", "LDAP_CONFIG_ADMIN_PASSWORD"],
        write_once("OpenLDAP image", "`ldappasswd` on the running server first"),
    ),
    (
        &["N8N_ENCRYPTION_KEY"],
        data_at_rest(
            "n8n",
            "export the credentials decrypted, change the key and its settings file, import them again",
        ),
    ),
    (
        &["GF_SECURITY_SECRET_KEY"],
        data_at_rest(
            "Grafana",
            "`grafana cli admin secrets-migration re-encrypt` with both keys known",
        ),
    ),
    (
        &["APP_KEY"],
        data_at_rest(
            "Laravel",
            "put the old key into APP_PREVIOUS_KEYS, write encrypted columns again, then drop it",
        ),
    ),
    (
        &[
            "AR_ENCRYPTION_PRIMARY_KEY",
            "ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY",
            "ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY",
            "ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT",
            "RAILS_MASTER_KEY",
        ],
        data_at_rest(
            "Rails",
            "list the new key first and the old one after it, encrypt the records again, then drop it",
        ),
    ),
    (
        &[
            "APPSMITH_ENCRYPTION_PASSWORD",
            "APPSMITH_ENCRYPTION_SALT",
            "API_ENCRYPTION_KEY",
            "CALENDSO_ENCRYPTION_KEY",
            "DATA_ENCRYPTION_KEY",
            "DB_ENCRYPTION_KEY",
            "ENCRYPTION_KEY",
            "ENCRYPTION_SALT_KEYS",
            "FIELD_ENCRYPTION_KEY",
            "LOCKBOX_MASTER_KEY",
            "MB_ENCRYPTION_SECRET_KEY",
            "NC_CONNECTION_ENCRYPT_KEY",
            "NEXT_PRIVATE_ENCRYPTION_KEY",
            "PII_ENCRYPTION_KEY",
            "ROOT_ENCRYPTION_KEY",
        ],
        data_at_rest(
            "the application's data",
            "decrypt with the old key and encrypt with the new one, then drop it",
        ),
    ),
    (
        &["VAULT_ENC_KEY", "PG_META_CRYPTO_KEY"],
        data_at_rest(
            "Supabase",
            "decrypt with the old key and encrypt with the new one, then restart everything",
        ),
    ),
    (
        &["FERNET_KEY", "AIRFLOW__CORE__FERNET_KEY"],
        data_at_rest(
            "Airflow",
            "set `new,old`, run `airflow rotate-fernet-key`, then drop the old one",
        ),
    ),
    (
        &["TOTP_VAULT_KEY"],
        data_at_rest(
            "Plausible",
            "every two-factor enrolment is encrypted with it: disable and enrol again",
        ),
    ),
    (
        &["CREDS_KEY", "CREDS_IV", "FLOWISE_SECRETKEY_OVERWRITE"],
        data_at_rest(
            "stored credentials",
            "export them decrypted, change the key, bring them in again",
        ),
    ),
    (
        &["PASSWORD_SALT", "PASSWORD_PEPPER", "HASH_SALT", "HASHIDS_SALT"],
        data_at_rest(
            "stored hashes",
            "what was hashed with it is never recognised again: keep it for as long as the data lives",
        ),
    ),
    (
        &[
            "BORG_PASSPHRASE",
            "RESTIC_PASSWORD",
            "DUPLICACY_PASSWORD",
            "KOPIA_PASSWORD",
            "BACKUP_ENCRYPTION_KEY",
        ],
        data_at_rest(
            "backups",
            "`borg key change-passphrase`, `restic key passwd` or alike; old backups need the old key",
        ),
    ),
    (
        &[
            "GITLAB_SECRETS_DB_KEY_BASE",
            "GITLAB_SECRETS_OTP_KEY_BASE",
            "GITLAB_SECRETS_SECRET_KEY_BASE",
        ],
        data_at_rest(
            "GitLab",
            "two-factor secrets, runner tokens and variables are encrypted with it: follow GitLab's own procedure",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::secret::SecretName;

    #[test]
    fn names_are_found_in_any_case_and_only_whole() {
        assert_eq!(
            WellKnown::find("postgres_password").map(|known| known.hazard),
            Some(Hazard::WriteOnce)
        );
        assert_eq!(
            WellKnown::find("N8N_ENCRYPTION_KEY").map(|known| known.hazard),
            Some(Hazard::DataAtRest)
        );
        assert_eq!(WellKnown::find("MY_POSTGRES_PASSWORD"), None);
        assert_eq!(WellKnown::find("JWT_SECRET"), None);
    }

    #[test]
    fn every_name_is_a_name_and_stands_once() {
        let names: Vec<&str> = TABLE
            .iter()
            .flat_map(|(names, _)| names.iter().copied())
            .collect();
        let different: BTreeSet<&str> = names.iter().copied().collect();

        assert!(names.len() >= 60, "{}", names.len());
        assert_eq!(different.len(), names.len());
        assert!(names.iter().all(|name| name.parse::<SecretName>().is_ok()));
    }
}
