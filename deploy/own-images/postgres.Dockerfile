# PostgreSQL from the distribution's packages, for a site without a registry. Takes the same environment as the public image:
# POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_INITDB_ARGS, PGDATA.
#
#     docker build -f deploy/own-images/postgres.Dockerfile --build-arg BASE_IMAGE=onnara-base:bookworm -t onnara-postgres deploy/own-images
ARG BASE_IMAGE=debian:bookworm-slim
FROM ${BASE_IMAGE}
# The distribution would create a cluster on installation; data belongs into the volume.
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
    && apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends postgresql \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin \
    && ln -s "$(dirname "$(ls /usr/lib/postgresql/*/bin/postgres)")" /usr/lib/postgresql/bin \
    && install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data \
    && install -d -o postgres -g postgres -m 2775 /var/run/postgresql
COPY postgres.sh /usr/local/bin/start-postgres
ENV PATH=/usr/lib/postgresql/bin:$PATH PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
USER postgres
VOLUME /var/lib/postgresql/data
EXPOSE 5432
STOPSIGNAL SIGINT
ENTRYPOINT ["start-postgres"]
CMD ["postgres"]
