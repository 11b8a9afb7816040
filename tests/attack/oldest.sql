-- A database as the first migration left it, with a made-up school in it. Nobody here exists.
BEGIN TRANSACTION;
CREATE TABLE act (
	id INTEGER NOT NULL, 
	actor_id INTEGER, 
	kind VARCHAR(40) NOT NULL, 
	subject_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_act PRIMARY KEY (id), 
	CONSTRAINT fk_act_actor_id FOREIGN KEY(actor_id) REFERENCES user (id)
);
INSERT INTO "act" VALUES(1,1,'account_opened',3,'2026-09-01 08:00:00.000000');
INSERT INTO "act" VALUES(2,1,'role_granted',5,'2026-09-01 08:00:00.000000');
INSERT INTO "act" VALUES(3,1,'link_made',1,'2026-09-01 08:00:00.000000');
INSERT INTO "act" VALUES(4,2,'update_published',1,'2026-09-01 08:00:00.000000');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE class_year (
	class_id INTEGER NOT NULL, 
	school_year INTEGER NOT NULL, 
	label VARCHAR NOT NULL, 
	lowest_grade INTEGER NOT NULL, 
	highest_grade INTEGER NOT NULL, 
	CONSTRAINT pk_class_year PRIMARY KEY (class_id, school_year), 
	CONSTRAINT ck_class_year_grades CHECK (lowest_grade BETWEEN 0 AND 10 AND highest_grade BETWEEN lowest_grade AND 10), 
	CONSTRAINT fk_class_year_class_id FOREIGN KEY(class_id) REFERENCES school_class (id), 
	CONSTRAINT uq_class_year_school_year_label UNIQUE (school_year, label)
);
INSERT INTO "class_year" VALUES(1,2026,'3.A',3,3);
INSERT INTO "class_year" VALUES(2,2026,'6.A',6,6);
CREATE TABLE clause (
	id INTEGER NOT NULL, 
	edition_id INTEGER NOT NULL, 
	section_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	position INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	CONSTRAINT pk_clause PRIMARY KEY (id), 
	CONSTRAINT fk_clause_edition_id FOREIGN KEY(edition_id) REFERENCES edition (id), 
	CONSTRAINT fk_clause_section_id FOREIGN KEY(section_id) REFERENCES section (id), 
	CONSTRAINT uq_clause_edition_id_key UNIQUE (edition_id, "key")
);
INSERT INTO "clause" VALUES(1,1,1,'k1','bullet',0,'Vi hilser på alle.');
CREATE TABLE council (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	lowest_grade INTEGER NOT NULL, 
	highest_grade INTEGER NOT NULL, 
	CONSTRAINT pk_council PRIMARY KEY (id), 
	CONSTRAINT ck_council_grades CHECK (lowest_grade BETWEEN 0 AND 10 AND highest_grade BETWEEN lowest_grade AND 10), 
	CONSTRAINT uq_council_name UNIQUE (name)
);
INSERT INTO "council" VALUES(1,'Det store elevråd',4,9);
CREATE TABLE council_member (
	id INTEGER NOT NULL, 
	council_id INTEGER NOT NULL, 
	pupil_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	is_substitute BOOLEAN NOT NULL, 
	is_chair BOOLEAN NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	CONSTRAINT pk_council_member PRIMARY KEY (id), 
	CONSTRAINT ck_council_member_ends_after_start CHECK (ends_on >= starts_on), 
	CONSTRAINT fk_council_member_class_id FOREIGN KEY(class_id) REFERENCES school_class (id), 
	CONSTRAINT fk_council_member_council_id FOREIGN KEY(council_id) REFERENCES council (id), 
	CONSTRAINT fk_council_member_pupil_id FOREIGN KEY(pupil_id) REFERENCES pupil (id)
);
INSERT INTO "council_member" VALUES(1,1,2,2,0,1,'2026-08-15','2027-10-31');
CREATE TABLE dead_link (
	id INTEGER NOT NULL, 
	url VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	marked_on DATE NOT NULL, 
	CONSTRAINT pk_dead_link PRIMARY KEY (id), 
	CONSTRAINT uq_dead_link_url UNIQUE (url)
);
CREATE TABLE edition (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	school_year INTEGER NOT NULL, 
	title VARCHAR NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	approved_on DATE, 
	approved_by VARCHAR NOT NULL, 
	revised_on DATE, 
	language VARCHAR NOT NULL, 
	imported_at DATETIME NOT NULL, 
	CONSTRAINT pk_edition PRIMARY KEY (id), 
	CONSTRAINT uq_edition_number UNIQUE (number)
);
INSERT INTO "edition" VALUES(1,1,2026,'Trivselsstrategi','approved','2026-06-10','Bestyrelsen',NULL,'da','2026-09-01 08:00:00.000000');
CREATE TABLE enrolment (
	id INTEGER NOT NULL, 
	pupil_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_enrolment PRIMARY KEY (id), 
	CONSTRAINT ck_enrolment_ends_after_start CHECK (ends_on IS NULL OR ends_on >= starts_on), 
	CONSTRAINT fk_enrolment_class_id FOREIGN KEY(class_id) REFERENCES school_class (id), 
	CONSTRAINT fk_enrolment_pupil_id FOREIGN KEY(pupil_id) REFERENCES pupil (id)
);
INSERT INTO "enrolment" VALUES(1,1,1,'2026-08-01',NULL);
INSERT INTO "enrolment" VALUES(2,2,2,'2026-08-01',NULL);
CREATE TABLE facilitator (
	id INTEGER NOT NULL, 
	council_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_facilitator PRIMARY KEY (id), 
	CONSTRAINT ck_facilitator_ends_after_start CHECK (ends_on IS NULL OR ends_on >= starts_on), 
	CONSTRAINT fk_facilitator_council_id FOREIGN KEY(council_id) REFERENCES council (id), 
	CONSTRAINT fk_facilitator_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "facilitator" VALUES(1,1,2,'2026-08-15',NULL);
CREATE TABLE guardianship (
	id INTEGER NOT NULL, 
	guardian_id INTEGER NOT NULL, 
	pupil_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	invited_by_id INTEGER, 
	CONSTRAINT pk_guardianship PRIMARY KEY (id), 
	CONSTRAINT ck_guardianship_ends_after_start CHECK (ends_on IS NULL OR ends_on >= starts_on), 
	CONSTRAINT fk_guardianship_guardian_id FOREIGN KEY(guardian_id) REFERENCES user (id), 
	CONSTRAINT fk_guardianship_invited_by_id FOREIGN KEY(invited_by_id) REFERENCES user (id), 
	CONSTRAINT fk_guardianship_pupil_id FOREIGN KEY(pupil_id) REFERENCES pupil (id)
);
INSERT INTO "guardianship" VALUES(1,3,1,'custody','2026-08-01',NULL,NULL);
INSERT INTO "guardianship" VALUES(2,4,1,'custody','2026-08-01',NULL,NULL);
CREATE TABLE help_contact (
	id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	position INTEGER NOT NULL, 
	title VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	phone VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	checked_on DATE, 
	CONSTRAINT pk_help_contact PRIMARY KEY (id)
);
INSERT INTO "help_contact" VALUES(1,'line',0,'BørneTelefonen','Ring gratis','116 111','','2026-08-01');
CREATE TABLE pupil (
	id INTEGER NOT NULL, 
	external_id VARCHAR NOT NULL, 
	first_name VARCHAR NOT NULL, 
	last_name VARCHAR NOT NULL, 
	alias VARCHAR NOT NULL, 
	protection VARCHAR(40) NOT NULL, 
	user_id INTEGER, 
	CONSTRAINT pk_pupil PRIMARY KEY (id), 
	CONSTRAINT ck_pupil_alias_when_name_is_protected CHECK (protection <> 'name' OR alias <> ''), 
	CONSTRAINT fk_pupil_user_id FOREIGN KEY(user_id) REFERENCES user (id), 
	CONSTRAINT uq_pupil_external_id UNIQUE (external_id), 
	CONSTRAINT uq_pupil_user_id UNIQUE (user_id)
);
INSERT INTO "pupil" VALUES(1,'barn-1','Alma','Åkjær','','none',NULL);
INSERT INTO "pupil" VALUES(2,'barn-2','Viggo','Åkjær','','none',6);
CREATE TABLE representative (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	CONSTRAINT pk_representative PRIMARY KEY (id), 
	CONSTRAINT ck_representative_ends_after_start CHECK (ends_on >= starts_on), 
	CONSTRAINT fk_representative_class_id FOREIGN KEY(class_id) REFERENCES school_class (id), 
	CONSTRAINT fk_representative_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "representative" VALUES(1,3,1,'2026-09-01','2027-10-31');
CREATE TABLE role_grant (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(40) NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_role_grant PRIMARY KEY (id), 
	CONSTRAINT ck_role_grant_ends_after_start CHECK (ends_on IS NULL OR ends_on >= starts_on), 
	CONSTRAINT fk_role_grant_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "role_grant" VALUES(1,1,'office','2026-08-01',NULL);
INSERT INTO "role_grant" VALUES(2,5,'leadership','2026-08-01',NULL);
CREATE TABLE roster_upload (
	id INTEGER NOT NULL, 
	uploaded_by_id INTEGER, 
	uploaded_at DATETIME NOT NULL, 
	applied_at DATETIME, 
	files JSON NOT NULL, 
	CONSTRAINT pk_roster_upload PRIMARY KEY (id), 
	CONSTRAINT fk_roster_upload_uploaded_by_id FOREIGN KEY(uploaded_by_id) REFERENCES user (id)
);
CREATE TABLE school_class (
	id INTEGER NOT NULL, 
	external_id VARCHAR NOT NULL, 
	hue INTEGER NOT NULL, 
	CONSTRAINT pk_school_class PRIMARY KEY (id), 
	CONSTRAINT ck_school_class_hue_is_known CHECK (hue BETWEEN 1 AND 12), 
	CONSTRAINT uq_school_class_external_id UNIQUE (external_id)
);
INSERT INTO "school_class" VALUES(1,'3a',6);
INSERT INTO "school_class" VALUES(2,'6a',2);
CREATE TABLE section (
	id INTEGER NOT NULL, 
	edition_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	heading VARCHAR NOT NULL, 
	plain_summary VARCHAR NOT NULL, 
	CONSTRAINT pk_section PRIMARY KEY (id), 
	CONSTRAINT fk_section_edition_id FOREIGN KEY(edition_id) REFERENCES edition (id), 
	CONSTRAINT uq_section_edition_id_position UNIQUE (edition_id, position)
);
INSERT INTO "section" VALUES(1,1,0,'Vores mål','');
CREATE TABLE sign_in_link (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	purpose VARCHAR(40) NOT NULL, 
	nonce VARCHAR NOT NULL, 
	made_by_id INTEGER, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_sign_in_link PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_link_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id), 
	CONSTRAINT fk_sign_in_link_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "sign_in_link" VALUES(1,3,'invitation','gammel',1,'2026-09-01 08:00:00.000000','2026-09-22 08:00:00.000000',NULL);
CREATE TABLE sign_in_throttle (
	subject VARCHAR NOT NULL, 
	failures INTEGER NOT NULL, 
	counted_from DATETIME NOT NULL, 
	blocked_until DATETIME, 
	CONSTRAINT pk_sign_in_throttle PRIMARY KEY (subject)
);
CREATE TABLE submission (
	"key" VARCHAR NOT NULL, 
	person_id INTEGER NOT NULL, 
	location VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_submission PRIMARY KEY ("key", person_id)
);
CREATE TABLE team_member (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	function VARCHAR(40) NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE, 
	CONSTRAINT pk_team_member PRIMARY KEY (id), 
	CONSTRAINT ck_team_member_ends_after_start CHECK (ends_on IS NULL OR ends_on >= starts_on), 
	CONSTRAINT fk_team_member_class_id FOREIGN KEY(class_id) REFERENCES school_class (id), 
	CONSTRAINT fk_team_member_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "team_member" VALUES(1,2,1,'class_teacher','2026-08-01',NULL);
CREATE TABLE update_receipt (
	update_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	CONSTRAINT pk_update_receipt PRIMARY KEY (update_id, user_id), 
	CONSTRAINT fk_update_receipt_update_id FOREIGN KEY(update_id) REFERENCES wellbeing_update (id), 
	CONSTRAINT fk_update_receipt_user_id FOREIGN KEY(user_id) REFERENCES user (id)
);
INSERT INTO "update_receipt" VALUES(1,3);
CREATE TABLE user (
	id INTEGER NOT NULL, 
	external_id VARCHAR, 
	user_name VARCHAR NOT NULL, 
	first_name VARCHAR NOT NULL, 
	last_name VARCHAR NOT NULL, 
	alias VARCHAR NOT NULL, 
	protection VARCHAR(40) NOT NULL, 
	email VARCHAR, 
	language VARCHAR, 
	password_hash VARCHAR, 
	created_at DATETIME NOT NULL, 
	deactivated_at DATETIME, 
	CONSTRAINT pk_user PRIMARY KEY (id), 
	CONSTRAINT ck_user_alias_when_name_is_protected CHECK (protection <> 'name' OR alias <> ''), 
	CONSTRAINT ck_user_user_name_in_lower_case CHECK (user_name = lower(user_name)), 
	CONSTRAINT uq_user_external_id UNIQUE (external_id), 
	CONSTRAINT uq_user_user_name UNIQUE (user_name)
);
INSERT INTO "user" VALUES(1,'gammel-1','inge.kontor','Inge','Åkjær','','none','person1@skole.example','da',NULL,'2026-09-01 08:00:00.000000',NULL);
INSERT INTO "user" VALUES(2,'gammel-2','karen.lærer','Karen','Åkjær','','none','person2@skole.example','da',NULL,'2026-09-01 08:00:00.000000',NULL);
INSERT INTO "user" VALUES(3,'gammel-3','mette.holm','Mette','Åkjær','','none','person3@skole.example','da',NULL,'2026-09-01 08:00:00.000000',NULL);
INSERT INTO "user" VALUES(4,'gammel-4','sky','Rigtig','Åkjær','Sky','name','person4@skole.example','da',NULL,'2026-09-01 08:00:00.000000',NULL);
INSERT INTO "user" VALUES(5,'gammel-5','hanne.leder','Hanne','Åkjær','','none','person5@skole.example','da',NULL,'2026-09-01 08:00:00.000000',NULL);
INSERT INTO "user" VALUES(6,NULL,'viggo','Viggo','','','none','person6@skole.example','da',NULL,'2026-09-01 08:00:00.000000',NULL);
CREATE TABLE user_session (
	id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	token_digest VARCHAR NOT NULL, 
	device VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_user_session PRIMARY KEY (id), 
	CONSTRAINT fk_user_session_user_id FOREIGN KEY(user_id) REFERENCES user (id), 
	CONSTRAINT uq_user_session_token_digest UNIQUE (token_digest)
);
INSERT INTO "user_session" VALUES(1,3,'0000000000000000000000000000000000000000000000000000000000000000','Firefox','2026-09-01 08:00:00.000000','2026-09-01 20:00:00.000000',NULL);
CREATE TABLE wellbeing_update (
	id INTEGER NOT NULL, 
	class_id INTEGER NOT NULL, 
	author_id INTEGER NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	title VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	excerpt VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	published_at DATETIME, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_wellbeing_update PRIMARY KEY (id), 
	CONSTRAINT ck_wellbeing_update_published_has_its_time CHECK ((state = 'published') = (published_at IS NOT NULL)), 
	CONSTRAINT fk_wellbeing_update_author_id FOREIGN KEY(author_id) REFERENCES user (id), 
	CONSTRAINT fk_wellbeing_update_class_id FOREIGN KEY(class_id) REFERENCES school_class (id)
);
INSERT INTO "wellbeing_update" VALUES(1,1,2,'published','Nyt fra 3.A','Vi øver os i at invitere.','Vi øver os i at invitere.','2026-09-01 08:00:00.000000','2026-09-01 08:00:00.000000',1);
INSERT INTO "wellbeing_update" VALUES(2,1,2,'draft','Nyt fra 3.A','Vi øver os i at invitere.','Vi øver os i at invitere.','2026-09-01 08:00:00.000000',NULL,1);
CREATE UNIQUE INDEX uq_edition_approved ON edition (state) WHERE state = 'approved';
CREATE UNIQUE INDEX uq_edition_draft ON edition (state) WHERE state = 'draft';
CREATE INDEX ix_submission_at ON submission (at);
CREATE INDEX ix_user_email ON user (email);
CREATE INDEX ix_act_actor_id ON act (actor_id);
CREATE INDEX ix_act_kind_subject_id ON act (kind, subject_id);
CREATE INDEX ix_facilitator_council_id ON facilitator (council_id);
CREATE INDEX ix_facilitator_user_id ON facilitator (user_id);
CREATE UNIQUE INDEX uq_facilitator_open ON facilitator (council_id, user_id) WHERE ends_on IS NULL;
CREATE INDEX ix_representative_class_id ON representative (class_id);
CREATE INDEX ix_representative_user_id ON representative (user_id);
CREATE INDEX ix_role_grant_user_id ON role_grant (user_id);
CREATE UNIQUE INDEX uq_role_grant_open ON role_grant (user_id, role) WHERE ends_on IS NULL;
CREATE INDEX ix_sign_in_link_user_id ON sign_in_link (user_id);
CREATE INDEX ix_team_member_class_id ON team_member (class_id);
CREATE INDEX ix_team_member_user_id ON team_member (user_id);
CREATE UNIQUE INDEX uq_team_member_open ON team_member (user_id, class_id) WHERE ends_on IS NULL;
CREATE INDEX ix_user_session_user_id ON user_session (user_id);
CREATE INDEX ix_wellbeing_update_feed ON wellbeing_update (class_id, published_at, id);
CREATE INDEX ix_wellbeing_update_newest ON wellbeing_update (published_at, id);
CREATE INDEX ix_clause_key ON clause ("key");
CREATE INDEX ix_clause_section_id ON clause (section_id);
CREATE INDEX ix_council_member_class_id ON council_member (class_id);
CREATE INDEX ix_council_member_council_id ON council_member (council_id);
CREATE INDEX ix_council_member_pupil_id ON council_member (pupil_id);
CREATE INDEX ix_enrolment_class_id ON enrolment (class_id);
CREATE INDEX ix_enrolment_pupil_id ON enrolment (pupil_id);
CREATE UNIQUE INDEX uq_enrolment_open ON enrolment (pupil_id) WHERE ends_on IS NULL;
CREATE INDEX ix_guardianship_guardian_id ON guardianship (guardian_id);
CREATE INDEX ix_guardianship_pupil_id ON guardianship (pupil_id);
CREATE UNIQUE INDEX uq_guardianship_open ON guardianship (guardian_id, pupil_id) WHERE ends_on IS NULL;
CREATE INDEX ix_update_receipt_user_id ON update_receipt (user_id);
COMMIT;
