"""The gRPC services google.pubsub.v1.Publisher and .Subscriber over a broker."""

from collections.abc import Mapping
from typing import Any

from google.pubsub_v1 import types

from local.grpc_server import streaming, unary
from local.paging import page
from local.pubsub.broker import Broker
from local.pubsub.pull import Puller
from local.pubsub.validation import check_project

_PAGE_SIZE = 1000


def services(broker: Broker) -> Mapping[str, Mapping[str, Any]]:
    """{service name: {method name: gRPC handler}}; a method that is not named answers UNIMPLEMENTED."""
    return {
        "google.pubsub.v1.Publisher": _publisher(Publisher(broker)),
        "google.pubsub.v1.Subscriber": _subscriber(Subscriber(broker), Puller(broker)),
    }


class Publisher:
    """The methods of Publisher; requests and responses are Google's messages."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def create_topic(self, request: types.Topic, _context: Any) -> types.Topic:
        return self._broker.create_topic(request)

    def get_topic(self, request: types.GetTopicRequest, _context: Any) -> types.Topic:
        return self._broker.topic(request.topic)

    def list_topics(self, request: types.ListTopicsRequest, _context: Any) -> types.ListTopicsResponse:
        check_project(request.project)
        topics = self._broker.topics(request.project)
        shown, token = page(topics, request.page_size, request.page_token, _PAGE_SIZE)
        return types.ListTopicsResponse(topics=shown, next_page_token=token)

    def list_topic_subscriptions(
        self, request: types.ListTopicSubscriptionsRequest, _context: Any
    ) -> types.ListTopicSubscriptionsResponse:
        names = self._broker.subscriptions_of(request.topic)
        shown, token = page(names, request.page_size, request.page_token, _PAGE_SIZE)
        return types.ListTopicSubscriptionsResponse(subscriptions=shown, next_page_token=token)

    def delete_topic(self, request: types.DeleteTopicRequest, _context: Any) -> None:
        self._broker.delete_topic(request.topic)

    def publish(self, request: types.PublishRequest, _context: Any) -> types.PublishResponse:
        return types.PublishResponse(message_ids=self._broker.publish(request.topic, request.messages))


class Subscriber:
    """The methods of Subscriber that configure; `Puller` has those that deliver."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def create_subscription(self, request: types.Subscription, _context: Any) -> types.Subscription:
        return self._broker.create_subscription(request)

    def get_subscription(self, request: types.GetSubscriptionRequest, _context: Any) -> types.Subscription:
        return self._broker.subscription(request.subscription).config

    def list_subscriptions(
        self, request: types.ListSubscriptionsRequest, _context: Any
    ) -> types.ListSubscriptionsResponse:
        check_project(request.project)
        subscriptions = self._broker.subscriptions(request.project)
        shown, token = page(subscriptions, request.page_size, request.page_token, _PAGE_SIZE)
        return types.ListSubscriptionsResponse(subscriptions=shown, next_page_token=token)

    def update_subscription(
        self, request: types.UpdateSubscriptionRequest, _context: Any
    ) -> types.Subscription:
        return self._broker.update_subscription(request.subscription, list(request.update_mask.paths))

    def modify_push_config(self, request: types.ModifyPushConfigRequest, _context: Any) -> None:
        self._broker.modify_push_config(request.subscription, request.push_config)

    def delete_subscription(self, request: types.DeleteSubscriptionRequest, _context: Any) -> None:
        self._broker.delete_subscription(request.subscription)


def _publisher(methods: Publisher) -> dict[str, Any]:
    return {
        "CreateTopic": unary(methods.create_topic, types.Topic, types.Topic),
        "GetTopic": unary(methods.get_topic, types.GetTopicRequest, types.Topic),
        "ListTopics": unary(methods.list_topics, types.ListTopicsRequest, types.ListTopicsResponse),
        "ListTopicSubscriptions": unary(
            methods.list_topic_subscriptions,
            types.ListTopicSubscriptionsRequest,
            types.ListTopicSubscriptionsResponse,
        ),
        "DeleteTopic": unary(methods.delete_topic, types.DeleteTopicRequest, None),
        "Publish": unary(methods.publish, types.PublishRequest, types.PublishResponse),
    }


def _subscriber(methods: Subscriber, puller: Puller) -> dict[str, Any]:
    return {
        "CreateSubscription": unary(methods.create_subscription, types.Subscription, types.Subscription),
        "GetSubscription": unary(methods.get_subscription, types.GetSubscriptionRequest, types.Subscription),
        "ListSubscriptions": unary(
            methods.list_subscriptions, types.ListSubscriptionsRequest, types.ListSubscriptionsResponse
        ),
        "UpdateSubscription": unary(
            methods.update_subscription, types.UpdateSubscriptionRequest, types.Subscription
        ),
        "ModifyPushConfig": unary(methods.modify_push_config, types.ModifyPushConfigRequest, None),
        "DeleteSubscription": unary(methods.delete_subscription, types.DeleteSubscriptionRequest, None),
        "Pull": unary(puller.pull, types.PullRequest, types.PullResponse),
        "Acknowledge": unary(puller.acknowledge, types.AcknowledgeRequest, None),
        "ModifyAckDeadline": unary(puller.modify_ack_deadline, types.ModifyAckDeadlineRequest, None),
        "StreamingPull": streaming(
            puller.streaming_pull, types.StreamingPullRequest, types.StreamingPullResponse
        ),
    }
