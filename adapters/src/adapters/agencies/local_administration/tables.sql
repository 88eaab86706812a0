-- The tables as this adapter knows them, in PostgreSQL's words. Theirs were made by them; these are for trying the connection.
CREATE TABLE tb_appr_req (
    req_no   char(20) PRIMARY KEY,
    sgg_cd   char(7) NOT NULL,
    dept_cd  char(7) NOT NULL,
    biz_gb   char(4) NOT NULL,
    titl     varchar(200),
    cn       text,
    amt      numeric(15) NOT NULL DEFAULT -1,
    exec_de  char(8) NOT NULL DEFAULT '99991231',
    due_dt   date NOT NULL DEFAULT '9999-12-31',
    fis_yy   char(4) NOT NULL DEFAULT '9999',
    task_cd  char(8) NOT NULL DEFAULT '-1',
    retn_cd  char(2),
    open_gb  char(9) NOT NULL,
    clsd_rsn varchar(100) NOT NULL DEFAULT '해당없음',
    rcv_org  char(7) NOT NULL DEFAULT '0000000',
    send_nm  varchar(60) NOT NULL DEFAULT '해당없음',
    noti_yn  char(1) NOT NULL DEFAULT 'Y',
    req_dtm  timestamp NOT NULL DEFAULT localtimestamp(0),
    line_cnt numeric(3) NOT NULL,
    -- N waits, Y was taken, E could not be read.
    send_yn  char(1) NOT NULL DEFAULT 'N',
    chg_dtm  timestamp
);
CREATE INDEX tb_appr_req_waiting ON tb_appr_req (req_dtm, req_no) WHERE send_yn = 'N';
CREATE TABLE tb_appr_line (
    req_no   char(20) NOT NULL REFERENCES tb_appr_req,
    line_seq char(2) NOT NULL,
    role_cd  char(1) NOT NULL,
    sign_id  char(12) NOT NULL,
    sign_nm  varchar(30) NOT NULL DEFAULT '해당없음',
    posi_nm  varchar(30) NOT NULL DEFAULT '해당없음',
    sign_dtm char(14) NOT NULL DEFAULT '00000000000000',
    PRIMARY KEY (req_no, line_seq)
);
CREATE TABLE tb_appr_rslt (
    req_no   char(20) NOT NULL,
    state_cd char(2) NOT NULL,
    rslt_dtm timestamp NOT NULL,
    reg_dept char(7) NOT NULL,
    reg_yy   char(4) NOT NULL,
    reg_seq  numeric(6) NOT NULL,
    reg_no   varchar(60) NOT NULL,
    reg_de   char(8) NOT NULL,
    opn      text,
    titl     varchar(200),
    proc_yn  char(1) NOT NULL DEFAULT 'N',
    PRIMARY KEY (req_no, state_cd)
);
