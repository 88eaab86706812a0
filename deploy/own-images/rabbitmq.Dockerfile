# RabbitMQ from the distribution's packages, for a site without a registry. Takes the same environment as the public image:
# RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS.
#
#     docker build -f deploy/own-images/rabbitmq.Dockerfile --build-arg BASE_IMAGE=onnara-base:bookworm -t onnara-rabbitmq deploy/own-images
ARG BASE_IMAGE=debian:bookworm-slim
FROM ${BASE_IMAGE}
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends rabbitmq-server \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/lib/rabbitmq/* /var/log/rabbitmq/*
COPY rabbitmq.sh /usr/local/bin/start-rabbitmq
# The distribution's wrapper keeps signals from the broker, which would then be killed at every stop.
ENV PATH=/usr/lib/rabbitmq/bin:$PATH HOME=/var/lib/rabbitmq LANG=C.UTF-8 RABBITMQ_LOGS=- RABBITMQ_CONFIG_FILE=/var/lib/rabbitmq/onnara
USER rabbitmq
VOLUME /var/lib/rabbitmq
EXPOSE 5672
ENTRYPOINT ["start-rabbitmq"]
CMD ["rabbitmq-server"]
